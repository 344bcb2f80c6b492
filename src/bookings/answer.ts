import { ANY, DOUBT, FILLER, LAST, LATER, NO, ORDINALS, SURE_YES, YES } from './answer-words.ts';
import { phrases, plainWords } from './decide-words.ts';

/*
 * What a customer answers to an offer of times. An appointment that nobody chose is worse than a question asked twice: a
 * place or a yes is a choice only where every other word is one that changes nothing.
 */

/**
 * - `place` chosen by its place among those offered, counted from 0; `number` by a bare number; `any` whichever; `yes`
 * - `no` none of these
 * - `later` they decide another time
 * - `doubt` it may be meant as a choice: ask once more
 * - `other` it is no answer to an offer
 */
export type Answer =
  | { kind: 'place'; place: number }
  | { kind: 'number'; number: number }
  | { kind: 'any' | 'yes' | 'no' | 'later' | 'doubt' | 'other' };

type Word = 'place0' | 'place1' | 'place2' | 'place3' | 'last' | 'sure' | 'yes' | 'any' | 'no' | 'later' | 'doubt';
type Meant = Word | 'filler' | 'unknown' | `number${number}`;

/** What may be an unclear answer is short; a longer text is about something else. */
const SHORT = 12;

const MEANT: ReadonlyMap<string, Word | 'filler'> = new Map(
  (
    [
      // where two lists have a word, the later one counts
      ['filler', FILLER],
      ['any', ANY],
      ['yes', YES],
      ['sure', SURE_YES],
      ['no', NO],
      ...ORDINALS.map((list, at) => [`place${at}`, list] as [Word, string]),
      ['last', LAST],
      ['doubt', DOUBT],
      ['later', LATER],
    ] as [Word | 'filler', string][]
  ).flatMap(([word, list]) => phrases(list).map((phrase) => [phrase.trim(), word] as const)),
);
const LONGEST = Math.max(...[...MEANT.keys()].map((phrase) => phrase.split(' ').length));

/** Reads an answer to `count` times that were offered. Pure. */
export function readAnswer(text: string, count: number): Answer {
  const meant = wordsOf(text);
  const has = (word: Meant) => meant.includes(word);
  if (has('later')) return { kind: 'later' };
  const places = placesIn(meant, count);
  const short = meant.length <= SHORT;
  if (has('no')) return { kind: places.length === 0 ? (short ? 'no' : 'other') : short ? 'doubt' : 'other' };
  if (!has('unknown') && !has('doubt')) return clear(meant, places);
  if (short && (places.length > 0 || (has('doubt') && (has('sure') || has('yes'))))) return { kind: 'doubt' };
  if (!has('doubt') && beginsWithYes(text)) return { kind: 'yes' };
  return { kind: short && has('sure') ? 'doubt' : 'other' };
}

/** "Thanks, see you then!": nothing in it chooses, asks or refuses. */
export const isCourtesy = (text: string): boolean =>
  !text.includes('?') && wordsOf(text).every((word) => word === 'filler' || word === 'yes' || word === 'sure');

/** Whether a wish that names a time is put off, or taken half back. */
export const hesitation = (text: string): 'later' | 'doubt' | undefined => {
  const meant = wordsOf(text);
  return meant.includes('later') ? 'later' : meant.includes('doubt') ? 'doubt' : undefined;
};

/** Every word is known, and none of them says no. */
function clear(meant: readonly Meant[], places: readonly number[]): Answer {
  const numbers = [...new Set(meant.flatMap((word) => (word.startsWith('number') ? [Number(word.slice(6))] : [])))];
  if (places.length + numbers.length > 1) return { kind: 'doubt' };
  const [place] = places;
  const [number] = numbers;
  if (place !== undefined) return { kind: 'place', place };
  if (number !== undefined) return { kind: 'number', number };
  if (meant.includes('any')) return { kind: 'any' };
  return { kind: meant.includes('sure') || meant.includes('yes') ? 'yes' : 'other' };
}

/** "Yes, see you there": a yes of its own, and nothing asked behind it. */
function beginsWithYes(text: string): boolean {
  const [first = ''] = text.trim().split(/[,.!;:\n–—]/);
  const meant = wordsOf(first);
  return (
    first.length < text.trim().length && meant.includes('sure') && !meant.includes('unknown') && !text.includes('?')
  );
}

function placesIn(meant: readonly Meant[], count: number): number[] {
  const named = meant.flatMap((word) => {
    if (word === 'last') return count > 1 ? [count - 1] : [];
    const place = /^place(\d)$/.exec(word)?.[1];
    return place === undefined || Number(place) >= count ? [] : [Number(place)];
  });
  return [...new Set(named)];
}

/** What each word or phrase of a text means in an answer. */
function wordsOf(text: string): Meant[] {
  const words = plainWords(text).trim().split(' ').filter(Boolean);
  const meant: Meant[] = [];
  for (let at = 0; at < words.length; ) {
    let size = Math.min(LONGEST, words.length - at);
    while (size > 1 && !MEANT.has(words.slice(at, at + size).join(' '))) size--;
    const word = words.slice(at, at + size).join(' ');
    meant.push(MEANT.get(word) ?? (/^\d{1,2}$/.test(word) ? `number${Number(word)}` : 'unknown'));
    at += size;
  }
  return meant;
}
