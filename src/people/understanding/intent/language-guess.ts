import { LANGUAGES, type Language } from './concepts.ts';

/** How many words of a message are in the words of a language; words that several languages have count in part. */
export type Share = readonly [language: Language, words: number];

/** What an expected language is worth, in words. */
const EXPECTED = 0.5;
/** A language with less than this part of the words of the best one is no contender. */
const CONTENDER = 0.5;
/** Words a language must have, and be ahead by, to be named. */
const ENOUGH = 1;
const AHEAD = 0.75;

/** The languages a message may be in, likeliest first; none if no word of it is known. */
export function rankLanguages(shares: ReadonlyMap<Language, number>, expected?: string): Share[] {
  const ranked = LANGUAGES.map((language): Share => {
    const words = shares.get(language) ?? 0;
    return [language, language === expected && words > 0 ? words + EXPECTED : words];
  }).sort((a, b) => b[1] - a[1]);
  const most = ranked[0]?.[1] ?? 0;
  return ranked.filter(([, words]) => words > 0 && words >= CONTENDER * most);
}

/** The first language, if it is clearly ahead of the second; null otherwise. */
export function guessLanguage([first, second]: readonly Share[]): Language | null {
  if (!first || first[1] < ENOUGH) return null;
  return first[1] - (second?.[1] ?? 0) >= AHEAD ? first[0] : null;
}
