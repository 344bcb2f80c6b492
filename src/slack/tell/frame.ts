import { inline } from '../card/index.ts';
import { capital, clockDifference, firstName, type Reader, type Times, timesFor } from '../format.ts';
import type { Told } from './read.ts';

/** What a note is written with, beside what it tells. */
export interface Frame {
  /** What the lead is about. */
  subject: string;
  /** Slack ids of those who are mentioned. */
  to: readonly string[];
  reader: Reader;
  times: Times;
  now: Date;
  /** The business's language. */
  language: string;
  /** The language that the customer wrote in. */
  written: string | null;
  /** The words in another language, with its name. */
  translation: { language: string; words: string } | null;
  /** Minutes of opening hours since the answer is owed; null where none is. */
  waited: number | null;
}

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** `Swedish`; nothing for a code that is none. */
export function languageName(code: string): string {
  try {
    return languages.of(code) ?? '';
  } catch {
    return '';
  }
}

const FOLLOW_UP: Record<string, string> = {
  active: 'follow-up runs',
  paused: 'follow-up waits',
  replied: 'follow-up stopped',
  opted_out: 'follow-up stopped',
  converted: 'won',
  closed: 'closed',
  completed: 'follow-up complete',
};

/** What one knows beside the words: language, the customer's clock, the follow-up, who owes an answer since when. */
export function surroundings(told: Told, frame: Frame): string {
  const { reader, times, now, language, written } = frame;
  const first = inline(firstName(told.name));
  const foreign = written !== null && written !== language ? languageName(written) : '';
  const away = told.zone !== null && clockDifference(told.zone, reader) !== undefined;
  const clock = away ? timesFor({ ...reader, zone: told.zone ?? reader.zone }).clock(now) : '';
  const isReminder = told.what === 'owed';
  return [
    foreign && `${first} writes ${foreign}`,
    clock && `${clock} where ${first} is`,
    told.followUp ? (FOLLOW_UP[told.followUp] ?? '') : '',
    told.owedSince && !isReminder ? `answer owed since ${times.beside(told.owedSince, now)}` : '',
    told.takenBy ? `${inline(told.takenBy.name)} answers` : '',
  ]
    .filter(Boolean)
    .map((part, index) => (index === 0 ? capital(part) : part))
    .join('  ·  ');
}

/** `a picture and 2 voice notes come along`, by what the gateway says of them. */
export function mediaWords(types: readonly string[]): string {
  const kinds = [
    { one: 'a picture', many: 'pictures', is: (type: string) => type.startsWith('image/') },
    { one: 'a voice note', many: 'voice notes', is: (type: string) => type.startsWith('audio/') },
    { one: 'a video', many: 'videos', is: (type: string) => type.startsWith('video/') },
  ];
  const counted = kinds.map(({ one, many, is }) => ({ one, many, count: types.filter(is).length }));
  const rest = types.length - counted.reduce((sum, { count }) => sum + count, 0);
  const words = [...counted, { one: 'a file', many: 'files', count: rest }]
    .filter(({ count }) => count > 0)
    .map(({ one, many, count }) => (count === 1 ? one : `${count} ${many}`));
  return `${words.join(' and ')} ${types.length === 1 ? 'comes' : 'come'} along`;
}

/** `38 min`, `2 h 5 min`. */
export function minutesInWords(minutes: number): string {
  const whole = Math.floor(minutes);
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
}
