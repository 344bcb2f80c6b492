import { latinise } from './lookalikes.ts';

/** Characters looked at: the head and the tail of longer texts, where opt-outs stand. Keeps the work per message bounded. */
const HEAD = 1500;
const TAIL = 500;

const ASCII = /^[\p{ASCII}]*$/u;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
// Latin accents, the Devanagari nukta (फ़ and फ are both typed), candrabindu written as anusvara
const ACCENTS = /[\u0300-\u036f\u093c]/g;

/**
 * Folds a text so that one spelling is left of each word: compatibility forms (full width, mathematical letters), case,
 * invisible characters, accents and look-alike letters are evened out. Lines and punctuation are kept.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const plain = text.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replaceAll('æ', 'ae');
  const bare = plain.normalize('NFD').replace(ACCENTS, '').replace(INVISIBLE, '').replaceAll('\u0901', '\u0902');
  return latinise(bare);
}

/** The head and the tail of a text, joined by a line break; texts up to 2,000 characters are returned whole. */
export function clip(text: string): string {
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`;
}
