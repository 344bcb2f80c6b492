/*
 * One way of writing for everything that can be written in many: what is checked is what a person would read, however it
 * was disguised. Pure.
 */

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const ACCENTS = /[\u0300-\u036f\u093c]/g;
const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;

/** The value of a decimal digit of any script: such digits stand in rows that begin with zero. */
function digitValue(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  let start = point;
  while (DIGIT.test(String.fromCodePoint(start - 1))) start--;
  return String((point - start) % 10);
}

/**
 * Lower case, compatibility forms and accents evened out, digits of every script as 0-9, invisible characters gone, one
 * kind of dash, quote and full stop, single spaces; line breaks stay.
 */
export function plainForm(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(DIGITS, digitValue)
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replaceAll('\u0901', '\u0902')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[’ʼ`´‘]/g, "'")
    .replace(/[。․·‧]/g, '.')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

/** What a text leaves as: composed, without characters that hide or turn words, at most one empty line in a row. */
export function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

export const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
