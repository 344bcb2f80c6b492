import type { Settings } from '../../tenants/index.ts';

/*
 * Days and times in words. A text is cut into *atoms* (words and numbers with the roles they may play), a reader finds
 * *days*, *clocks*, *spans* and *parts of the day* among them, and the calendar turns these into instants.
 */

export interface At {
  kind: 'at';
  instant: Date;
  /** No day was said; the next one that fits was taken. */
  assumedDay?: true;
}

/** `to` excluded. */
export interface Range {
  kind: 'range';
  from: Date;
  to: Date;
  assumedDay?: true;
}

/**
 * Why we have to ask back.
 * - `am_or_pm` the hour may be before or after noon, and the opening does not decide
 * - `which_day` a weekday that is today's, or a "next" that people understand in two ways
 * - `which_date` `3/4` may be in March or April
 * - `day_mismatch` the date is not on that weekday
 * - `past` the time has passed; the candidates are the next that fit
 * - `which` several were named
 */
export type AskWhy = 'am_or_pm' | 'which_day' | 'which_date' | 'day_mismatch' | 'past' | 'which';

export interface Ask {
  kind: 'ask';
  why: AskWhy;
  /** In order of time; may be empty. */
  candidates: (At | Range)[];
}

/** What a text says of a time; null when it names none. */
export type Understood = At | Range | Ask | null;

export interface TimeContext {
  now: Date;
  /** IANA zone in which days and times are meant: the business's. */
  zone: string;
  /** Of the customer, ISO 639-1; others are tried where it makes nothing of the text. */
  language: string;
  /** When the business is open: decides whether "at 3" is in the afternoon. */
  opening?: Settings['opening'];
  /** ISO2, of the customer: in some the month comes first. */
  country?: string;
}

export const PARTS = {
  early: [6, 10],
  morning: [6, 12],
  forenoon: [8, 12],
  noon: [11, 14],
  afternoon: [12, 18],
  after_lunch: [13, 18],
  evening: [17, 22],
  night: [20, 24],
} as const satisfies Record<string, readonly [number, number]>;
export type Part = keyof typeof PARTS;

export const partOf = (index: number): Part => (Object.keys(PARTS) as Part[])[index] ?? 'morning';
export const partIndex = (part: Part): number => Object.keys(PARTS).indexOf(part);

/** A role a word may play. Several at once: German "nach" is `after` and `past`. */
export type Role =
  | 'number' // value: 0-59
  | 'weekday' // 1 Monday … 7 Sunday
  | 'month' // 1 … 12
  | 'offset' // days from today
  | 'part' // index in PARTS
  | 'unit' // minutes of it: 1, 60, 1440, 10080
  | 'amount' // minutes: "half an hour"
  | 'at'
  | 'about'
  | 'on'
  | 'dated' // a day of the month follows: "den 5", "el 24"
  | 'oclock'
  | 'noon'
  | 'after'
  | 'before'
  | 'from'
  | 'until'
  | 'between'
  | 'and'
  | 'or'
  | 'to'
  | 'past'
  | 'minus'
  | 'half_before' // "halv fyra" is 3:30
  | 'half_past'
  | 'half_after' // "y media", behind the hour
  | 'quarter'
  | 'three_quarters'
  | 'add' // minutes, before the hour: "sadhe", "sava", "paune"
  | 'fixed' // minutes: "dedh baje" is 1:30
  | 'this'
  | 'coming'
  | 'next'
  | 'last'
  | 'gone'
  | 'week'
  | 'weekend'
  | 'in'
  | 'in_behind'
  | 'after_behind'
  | 'before_behind'
  | 'early'
  | 'late'
  | 'ordinal_behind'
  | 'not'
  | 'but'
  | 'cancel' // what its clause names is not wished for
  | 'move' // of several days only the last is wished for
  | 'thing' // a number before it counts something else
  | 'comma'
  | 'stop'
  | 'question';

/** The roles of one word, each with its value; 1 where it has none. */
export type Roles = Partial<Record<Role, number>>;

/** The words of one language; alternatives are parted by commas, accents may be written and are folded. */
export interface TimeWords {
  /** Times are said by 24 hours: "kl 8" is in the morning where that is open. */
  clock24: boolean;
  /** What "next Friday" means: of the next calendar week, the coming one, or nobody can tell. */
  next: 'week' | 'coming' | 'ask';
  numbers: Readonly<Record<number, string>>;
  /** Monday first. */
  weekdays: readonly string[];
  months: readonly string[];
  offsets: Readonly<Record<number, string>>;
  parts: Readonly<Partial<Record<Part, string>>>;
  units: { minute: string; hour: string; day: string; week: string };
  roles: Readonly<Partial<Record<Role, string>>>;
  /** Words that stand for several atoms: `'offset:0 part:evening'`. An empty text takes them out. */
  combined: Readonly<Record<string, string>>;
  /** Endings that make one word of a weekday and a part of the day ("Samstagvormittag"). */
  compounds?: Readonly<Partial<Record<Part, string>>>;
}
