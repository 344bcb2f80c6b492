import { plainLetters } from './letters.ts';
import { type Lexicon, MOST_WORDS } from './lexicon.ts';
import type { Roles } from './types.ts';

/** A time of day as written. */
export interface Literal {
  /** Since midnight. */
  minutes: number;
  /** It cannot mean another half of the day. */
  exact: boolean;
  half?: 'am' | 'pm';
  /** `14.30` may be a date as well. */
  dotted?: true;
}

/** A date as written in digits: `24/12`, `24.12.2026`. `first` and `second` in the order of writing. */
export interface Digits {
  first: number;
  second: number;
  year?: number;
}

export interface Atom {
  roles: Roles;
  literal?: Literal;
  digits?: Digits;
  /** An ISO date. */
  iso?: { year: number; month: number; day: number };
  /** `24th`, `24:e`; with `24.` only a dot behind it. */
  ordinal?: 'sure' | 'dot';
  /** Written in digits, and how many. */
  length?: number;
  /** Letters and digits: how much of the text is understood is measured by them. */
  size: number;
}

const MOST_CHARACTERS = 1000;
/** Prices, distances and the like: a sign of money or a per cent beside the number. */
const MONEY = /[€$£₹]\s?\d[\d.,]*|\d[\d.,]*\s?[€$£₹%]/g;
const PHONE = /(?:\+|\b00|\b0(?=\d{2}))[\d][\d ()/-]{5,}\d/g;
const GROUPED = /\b\d{1,3}(?:[ .,]\d{3})+\b/g;
const ADDRESS = /https?:\/\/\S+|\S+@\S+\.\S+/g;

const PIECE = new RegExp(
  [
    String.raw`(?<iso>\b\d{4}-\d{2}-\d{2}\b)`,
    String.raw`(?<date>\b\d{1,2}(?:\/\d{1,2}(?:\/\d{2,4})?|\.\d{1,2}\.(?:\d{4}|\d{2}(?!\d)(?!:))?|-\d{1,2}-\d{2,4})(?![\d/]))`,
    String.raw`(?<time>\b\d{1,2}(?:[:.]\d{2}|h\d{2})?\s?[ap]\.?m\b\.?|\b\d{1,2}(?::|h)\d{2}(?!\d)h?|\b\d{1,2}\.\d{2}(?![\d.]))`,
    String.raw`(?<ordinal>\b\d{1,2}(?:st|nd|rd|th|:[ea]|º|ª)(?!\p{L}))`,
    String.raw`(?<junk>\b\d+[.,]\d+|\p{L}+\d[\p{L}\d]*|\d+\p{L}[\p{L}\p{M}\d]*)`,
    String.raw`(?<number>\d+\.?)`,
    String.raw`(?<word>[\p{L}\p{M}]+)`,
    '(?<sign>[-–—~@&+])',
    String.raw`(?<question>\?)`,
    String.raw`(?<stop>[.!;\n।…])`,
    '(?<comma>[,:()])',
  ].join('|'),
  'gu',
);

/** Cuts a text into atoms by the words of a language. Words it does not know have no roles. */
export function atomsOf(text: string, lexicon: Lexicon): Atom[] {
  const plain = plainLetters(text.slice(0, MOST_CHARACTERS))
    .replace(ADDRESS, ' x ')
    .replace(MONEY, ' x ')
    .replace(PHONE, ' x ')
    .replace(GROUPED, ' x ')
    .replace(/\b(kl|um)\.?(?=\d)/g, '$1 ')
    // "15uhr", "11-ish", "5baje": a word we know, glued to a number
    .replace(/(?<![\p{L}\d])(\d{1,4})-?(\p{L}[\p{L}\p{M}]*)(?!\d)/gu, (all, number: string, word: string) =>
      lexicon.phrases.has(word) ? `${number} ${word}` : all,
    );
  const pieces = [...plain.matchAll(PIECE)].map((match) => ({ text: match[0], groups: match.groups ?? {} }));

  const atoms: Atom[] = [];
  for (let at = 0; at < pieces.length; ) {
    const phrase = longest(pieces, at, lexicon);
    if (phrase) {
      atoms.push(...phrase.atoms);
      at += phrase.words;
      continue;
    }
    const piece = pieces[at];
    if (piece) atoms.push(atomOf(piece.text, piece.groups));
    at++;
  }
  return atoms;
}

interface Piece {
  text: string;
  groups: Record<string, string | undefined>;
}

/** The longest phrase of the language that begins here. */
function longest(pieces: readonly Piece[], at: number, lexicon: Lexicon): { atoms: Atom[]; words: number } | undefined {
  const words: string[] = [];
  for (const piece of pieces.slice(at, at + MOST_WORDS)) {
    if (piece.groups.word === undefined) break;
    words.push(piece.text);
  }
  for (; words.length > 0; words.pop()) {
    const found = lexicon.phrases.get(words.join(' '));
    if (!found) continue;
    const size = words.join('').length / Math.max(1, found.length);
    return { atoms: found.map((roles) => ({ roles, size })), words: words.length };
  }
  return undefined;
}

function atomOf(text: string, groups: Piece['groups']): Atom {
  const size = text.length;
  if (groups.iso) {
    const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
    return { roles: {}, iso: { year, month, day }, size };
  }
  if (groups.date) {
    const digits = digitsOf(text);
    // "kl 10.30." at the end of a sentence
    const isTime = /^\d{1,2}\.(?:00|1[3-9]|[2-5]\d)\.$/.test(text);
    return isTime ? { roles: {}, literal: literalOf(text.slice(0, -1)), size } : { roles: {}, digits, size };
  }
  if (groups.time) return { roles: {}, literal: literalOf(text), size };
  if (groups.ordinal) return { roles: { number: Number.parseInt(text, 10) }, ordinal: 'sure', size };
  if (groups.number) return numberAtom(text);
  if (groups.sign) return { roles: SIGNS[text] ?? {}, size: 0 };
  if (groups.question) return { roles: { stop: 1, question: 1 }, size: 0 };
  if (groups.stop) return { roles: { stop: 1 }, size: 0 };
  if (groups.comma) return { roles: { comma: 1 }, size: 0 };
  return { roles: {}, size };
}

const SIGNS: Record<string, Roles> = {
  '-': { to: 2 },
  '–': { to: 2 },
  '—': { to: 2 },
  '~': { about: 1 },
  '@': { at: 1 },
  '&': { and: 1, or: 1 },
  '+': { and: 1 },
};

function numberAtom(text: string): Atom {
  const plain = text.replace('.', '');
  const value = Number(plain);
  const dot = text.endsWith('.') ? { ordinal: 'dot' as const } : {};
  return { roles: value <= 9999 ? { number: value } : {}, length: plain.length, ...dot, size: plain.length };
}

function digitsOf(text: string): Digits {
  const [first = 0, second = 0, year] = text.split(/[/.-]/).filter(Boolean).map(Number);
  return { first, second, ...(year !== undefined && { year: year < 100 ? 2000 + year : year }) };
}

function literalOf(text: string): Literal {
  const [, hours = '', minutes = '00', half] = /^(\d{1,2})(?:[:.h](\d{2}))?h?\s?([ap])?/.exec(text) ?? [];
  const hour = Number(hours);
  if (half) {
    const base = half === 'p' ? (hour % 12) + 12 : hour % 12;
    return { minutes: base * 60 + Number(minutes), exact: true, half: half === 'p' ? 'pm' : 'am' };
  }
  const exact = hour > 12 || hours.startsWith('0');
  return { minutes: hour * 60 + Number(minutes), exact, ...(text.includes('.') && { dotted: true }) };
}
