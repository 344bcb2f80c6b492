import { plainLetters } from './letters.ts';
import { PARTS, type Part, partIndex, type Role, type Roles, type TimeWords } from './types.ts';

/** The words of a language, ready to be looked up. */
export interface Lexicon {
  /** Words parted by one space, and the atoms they stand for. */
  phrases: ReadonlyMap<string, readonly Roles[]>;
  words: TimeWords;
}

/** Longest phrase that is looked for. */
export const MOST_WORDS = 6;
/** Letters of a word that may be something else in another language, or without its accents. */
const SHORT = 4;

const UNITS = { minute: 1, hour: 60, day: 24 * 60, week: 7 * 24 * 60 } as const;

/** Prepares languages for reading; where several are given, one text may be written in all of them. */
export function lexiconOf(words: TimeWords, ...others: readonly TimeWords[]): Lexicon {
  const phrases = new Map<string, Roles[]>();
  // what the first says of a word counts
  for (const each of [...others.toReversed(), words]) fill(phrases, each);
  return { phrases, words };
}

function fill(phrases: Map<string, Roles[]>, words: TimeWords): void {
  const own = new Map<string, Roles[]>();
  const add = (list: string | undefined, role: Role, value: number) => {
    for (const phrase of spellings(list ?? '')) own.set(phrase, [{ ...own.get(phrase)?.[0], [role]: value }]);
  };
  for (const [value, list] of Object.entries(words.numbers)) add(list, 'number', Number(value));
  words.weekdays.forEach((list, index) => {
    add(list, 'weekday', index + 1);
    for (const [part, ending] of Object.entries(words.compounds ?? {})) {
      for (const [day, tail] of pairs(list, ending)) {
        for (const joined of [day + tail, `${day}s${tail}`]) {
          own.set(joined, [{ weekday: index + 1 }, { part: partIndex(part as Part) }]);
        }
      }
    }
  });
  words.months.forEach((list, index) => {
    add(list, 'month', index + 1);
  });
  for (const [value, list] of Object.entries(words.offsets)) add(list, 'offset', Number(value));
  for (const part of Object.keys(PARTS) as Part[]) add(words.parts[part], 'part', partIndex(part));
  for (const unit of Object.keys(UNITS) as (keyof typeof UNITS)[]) add(words.units[unit], 'unit', UNITS[unit]);
  for (const [role, list] of Object.entries(words.roles)) add(list, role as Role, 1);
  for (const [list, atoms] of Object.entries(words.combined)) {
    for (const phrase of spellings(list)) own.set(phrase, atoms.split(' ').filter(Boolean).map(atomFrom));
  }
  for (const [phrase, atoms] of own) phrases.set(phrase, atoms);
}

function pairs(days: string, endings: string): [string, string][] {
  return spellings(days).flatMap((day) => spellings(endings).map((tail): [string, string] => [day, tail]));
}

/**
 * Every way a list of words is typed: as it stands, and for those without such keys with `ae` for `ä` or no accents at
 * all. Short words keep their accents: Swedish "mån" is Monday, "man" is not.
 */
function spellings(list: string): string[] {
  const phrases = list.split(',').map((phrase) => plainLetters(phrase.trim()));
  return phrases.filter(Boolean).flatMap((phrase) => {
    if (phrase.length < SHORT) return [phrase];
    const digraphs = phrase.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue');
    return [...new Set([phrase, digraphs, bare(phrase)])];
  });
}

const bare = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');

/** The same for texts that are in another language as far as we know: abbreviations prove nothing there. */
export function withoutShort({ phrases, words }: Lexicon): Lexicon {
  const names = (roles: readonly Roles[]) =>
    roles.some((each) => each.weekday !== undefined || each.month !== undefined);
  const kept = [...phrases].filter(([phrase, roles]) => phrase.length >= SHORT || !names(roles));
  return { phrases: new Map(kept), words };
}

/** `offset:0`, `part:evening`, `about`. */
function atomFrom(text: string): Roles {
  const [role = '', value = '1'] = text.split(':');
  return { [role]: role === 'part' ? partIndex(value as Part) : Number(value) };
}
