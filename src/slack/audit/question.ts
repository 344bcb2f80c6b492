import { DateTime } from 'luxon';
import { EVENTS, type EventType } from '../../events/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { clip, closest } from '../text.ts';

/** What somebody wants to see of the log, before names are looked up. */
export interface Question {
  /** A name, or the id that a button carries. */
  lead?: string;
  person?: string;
  /** Only these types; `kind` is the word they were named by. */
  kind?: string;
  types?: EventType[];
  /** Days, `2026-11-23`, in the tenant's zone. */
  from?: string;
  to?: string;
  /** Page: events older, or newer, than this one. */
  before?: number;
  after?: number;
}

export const USAGE = '[lead anna|person anna|kind opted out|2026-11-01..2026-11-15]';

const TYPES = Object.keys(EVENTS) as EventType[];
const KEYWORDS = ['lead', 'person', 'kind', 'before', 'after'];

/** Understands what was typed, or what a button carries; throws what to write instead. Pure. `today` is local. */
export function readQuestion(text: string, today: string): Question {
  const question: Question = {};
  const words = text.split(/\s+/).filter(Boolean);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const days = readDays(word.toLowerCase(), today);
    if (days) {
      Object.assign(question, days);
      continue;
    }
    // what has no keyword before it is a name
    const keyword = KEYWORDS.includes(word.toLowerCase()) ? word.toLowerCase() : 'lead';
    const named = keyword === word.toLowerCase() ? words.shift() : word;
    const rest = named === undefined ? [] : [named];
    while (words[0] !== undefined && !begins(words[0], today)) rest.push(words.shift() ?? '');
    Object.assign(question, readPart(keyword, rest.join(' ')));
  }
  return question;
}

/** Whether a word begins another part of the question. */
const begins = (word: string, today: string) =>
  KEYWORDS.includes(word.toLowerCase()) || readDays(word.toLowerCase(), today) !== undefined;

/** The same question as a button carries it. Names have become ids. */
export function questionText(question: Question): string {
  const { lead, person, kind, from, to, before, after } = question;
  return [
    ...(lead ? [`lead ${lead}`] : []),
    ...(person ? [`person ${person}`] : []),
    ...(kind ? [`kind ${kind}`] : []),
    ...(from || to ? [`${from ?? ''}..${to ?? ''}`] : []),
    ...(before ? [`before ${before}`] : []),
    ...(after ? [`after ${after}`] : []),
  ].join(' ');
}

function readPart(keyword: string, value: string): Question {
  if (value === '') throw wrong(`Say which after “${keyword}”.`);
  switch (keyword) {
    case 'lead':
      return { lead: value };
    case 'person':
      return { person: value };
    case 'kind':
      return { kind: value, types: typesOf(value) };
    default:
      if (!/^\d{1,15}$/.test(value)) throw wrong(`“${clip(value, 40)}” is not the number of an event.`);
      return { [keyword]: Number(value) };
  }
}

/** `message.sent`, all of `message`, `opted out`, `reply`-like words as far as a type's name holds them. */
function typesOf(words: string): EventType[] {
  const wanted = words.toLowerCase().replaceAll(/[\s-]+/g, '_');
  const exact = TYPES.filter((type) => type === wanted || type.startsWith(`${wanted}.`));
  const found = exact.length > 0 ? exact : TYPES.filter((type) => type.includes(wanted));
  if (found.length > 0) return found;
  const groups = [...new Set(TYPES.map((type) => type.split('.')[0] ?? ''))];
  const near = closest(wanted, [...groups, ...TYPES]);
  const meant = near ? ` Did you mean “${near}”?` : '';
  throw wrong(`There is no kind of event “${clip(words, 40)}”.${meant} Kinds: ${groups.join(', ')}.`);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `2026-11-01..2026-11-15`, also open at one end; one day; `today`, `yesterday`. Undefined for any other word. */
function readDays(word: string, today: string): Pick<Question, 'from' | 'to'> | undefined {
  const day = (text: string) => {
    if (text === 'today') return today;
    if (text === 'yesterday') return DateTime.fromISO(today).minus({ days: 1 }).toISODate() ?? today;
    return DAY.test(text) && DateTime.fromISO(text).isValid ? text : undefined;
  };
  const [first = '', last, ...more] = word.split(/\.{2,}|…/);
  const from = day(first);
  if (last === undefined) return from ? { from, to: from } : undefined;
  const to = day(last);
  if (more.length > 0 || (first !== '' && !from) || (last !== '' && !to) || !(from || to)) return undefined;
  if (from && to && from > to) return { from: to, to: from };
  return { ...(from && { from }), ...(to && { to }) };
}

function wrong(message: string): KnownError {
  return new KnownError(
    'validation_error',
    'audit question not understood',
    `${message} Write it like this: /rescue audit ${USAGE}.`,
  );
}
