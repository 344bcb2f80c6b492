/*
 * Reading words: one spelling of each, and whether phrases stand in a text. Used for cues and topics of the definitions,
 * which are data; nothing here knows a language.
 */

// Latin accents and the Devanagari nukta; candrabindu is read as anusvara, since both are typed for the same sound
const ACCENTS = /[\u0300-\u036f\u093c]/g;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Lower case, one width, no accents, no invisible characters, no apostrophes; words parted by single spaces. */
export function foldWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(ACCENTS, '')
    .replace(INVISIBLE, '')
    .replaceAll('\u0901', '\u0902')
    .replace(/['’ʼ`´]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .normalize('NFC');
}

/** Whether a folded text has a folded phrase in it, by whole words; a star at its end stands for any ending. */
export function hasPhrase(folded: string, phrase: string): boolean {
  const open = phrase.endsWith('*');
  const wanted = ` ${open ? phrase.slice(0, -1) : phrase}`;
  return ` ${folded} `.includes(open ? wanted : `${wanted} `);
}

export const hasAny = (folded: string, phrases: readonly string[]): boolean =>
  phrases.some((phrase) => hasPhrase(folded, phrase));

/** Folds a phrase of a definition; the star is kept. */
export const foldPhrase = (phrase: string): string => `${foldWords(phrase)}${phrase.trim().endsWith('*') ? '*' : ''}`;
