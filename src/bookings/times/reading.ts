import type { Atom } from './atoms.ts';
import { type Clock, has, numberAt, readClock, role, type Text } from './clock.ts';
import { type Day, readDay } from './days.ts';
import { readSpan, type Span } from './spans.ts';
import { type Part, partOf, type TimeWords } from './types.ts';

/** Something a text says of time, with its place. */
export type Said = (
  | { kind: 'day'; day: Day }
  | { kind: 'clock'; clock: Clock }
  | { kind: 'span'; span: Span }
  | { kind: 'part'; part: Part; half?: 'early' | 'late' }
  /** Minutes from now. */
  | { kind: 'wait'; minutes: number }
) & { start: number; end: number; sentence: number };

/** What one language finds in a text, in order; what is denied ("not on Friday") or over is left out. */
export interface Reading {
  said: Said[];
  /** Letters and digits that were understood, what is denied included. */
  size: number;
}

export function read(atoms: readonly Atom[], words: TimeWords): Reading {
  const text: Text = { atoms, words };
  const said: Said[] = [];
  const clauses = clausesOf(text);
  let denied = 0;
  for (let at = 0; at < atoms.length; ) {
    const found = readHere(text, at);
    const place = clauses[at];
    if (!found || !place) {
      at++;
      continue;
    }
    if (place.denied) denied += sizeOf(atoms, at, found.end);
    else said.push({ ...found.said, start: at, end: found.end, sentence: place.sentence });
    at = found.end;
  }
  const meant = said.filter((each, index) => isMeant(text, each, said[index - 1], said[index + 1]));
  const kept = afterMoves(text, meant, clauses);
  const nots = atoms.filter((atom) => atom.roles.not || atom.roles.cancel).reduce((sum, atom) => sum + atom.size, 0);
  const size = kept.reduce((sum, { start, end }) => sum + sizeOf(atoms, start, end), denied && denied + nots);
  return { said: kept, size };
}

const sizeOf = (atoms: readonly Atom[], start: number, end: number) =>
  atoms.slice(start, end).reduce((sum, atom) => sum + atom.size, 0);

type Found = { said: Bare; end: number };
type Bare = Said extends infer S ? (S extends Said ? Omit<S, 'start' | 'end' | 'sentence'> : never) : never;

function readHere(text: Text, at: number): Found | undefined {
  const atom = text.atoms[at];
  if (!atom || !(atom.literal || atom.digits || atom.iso || Object.keys(atom.roles).length > 0)) return undefined;
  const wait = readWait(text, at);
  if (wait) return wait;
  const span = readSpan(text, at);
  const day = readDay(text, at);
  const clock = readClock(text, at);
  // "24 dec" is a day though 24 could be an hour; "10-12" is a stretch of time though 10 is one
  const best = Math.max(span?.end ?? 0, day?.end ?? 0, clock?.end ?? 0);
  if (span && span.end === best) return { said: { kind: 'span', span: span.value }, end: span.end };
  if (day && day.end >= (clock?.end ?? 0)) return { said: { kind: 'day', day: day.value }, end: day.end };
  if (clock) return { said: { kind: 'clock', clock: clock.value }, end: clock.end };
  return readPart(text, at);
}

/** "in two hours", "om en halvtimme", "2 ghante mein". */
function readWait(text: Text, at: number): Found | undefined {
  const ahead = has(text, at, 'in');
  const start = ahead ? at + 1 : at;
  let minutes = role(text, start, 'amount');
  let end = start + 1;
  const unit = role(text, start + 1, 'unit');
  const count = numberAt(text, start, 99);
  if (minutes === undefined && count !== undefined && unit !== undefined && unit < 1440) {
    minutes = count * unit;
    end = start + 2;
  }
  if (minutes === undefined) return undefined;
  const behind = has(text, end, 'in_behind');
  if (!ahead && !behind) return undefined;
  return { said: { kind: 'wait', minutes }, end: behind ? end + 1 : end };
}

function readPart(text: Text, from: number): Found | undefined {
  const half = has(text, from, 'early') ? 'early' : has(text, from, 'late') ? 'late' : undefined;
  const at = half ? from + 1 : from;
  const part = role(text, at, 'part');
  if (part === undefined) return undefined;
  return { said: { kind: 'part', part: partOf(part), ...(half && { half }) }, end: at + 1 };
}

/** A bare number is a time only beside a day, a part of the day or another time. */
function isMeant(text: Text, said: Said, before: Said | undefined, behind: Said | undefined): boolean {
  if (said.kind !== 'clock' || said.clock.marked) return true;
  const atom = text.atoms[said.start];
  // "one", "en", "ein", "do" are words for other things as well
  if (atom?.length === undefined && said.clock.minutes <= 120) return false;
  const follows = before !== undefined && onlyLinks(text, before.end, said.start);
  const leads = behind !== undefined && behind.start === said.end && behind.kind !== 'clock';
  return follows || leads;
}

function onlyLinks(text: Text, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!has(text, at, 'comma', 'on', 'or', 'and')) return false;
  return true;
}

/** In a sentence that moves something, only the last day and what is said of it count, and the end of "from 3 to 4". */
function afterMoves(text: Text, said: readonly Said[], places: readonly Place[]): Said[] {
  const moving = new Set(places.filter((_, at) => has(text, at, 'move')).map((place) => place.sentence));
  const lastDay = (sentence: number) => said.findLast((each) => each.kind === 'day' && each.sentence === sentence);
  const daysIn = (sentence: number) => said.filter((each) => each.kind === 'day' && each.sentence === sentence).length;
  return said.flatMap((each): Said[] => {
    if (!moving.has(each.sentence)) return [each];
    const last = lastDay(each.sentence);
    if (last && daysIn(each.sentence) > 1 && each.start < last.start) return [];
    if (each.kind === 'day' && each.day.kind === 'span') return [{ ...each, day: each.day.to }];
    const to = each.kind === 'span' && each.span.from ? each.span.to : undefined;
    return [to ? { ...each, kind: 'clock', clock: to } : each];
  });
}

interface Place {
  sentence: number;
  denied: boolean;
}

/** For each atom its sentence, and whether its clause denies what it says. A question ("can't we do Friday?") does not. */
function clausesOf(text: Text): Place[] {
  const places: Place[] = [];
  let sentence = 0;
  let clause: Place[] = [];
  let isDenied = false;
  let isCancelled = false;
  const close = (question: boolean) => {
    if (isCancelled || (isDenied && !question)) for (const place of clause) place.denied = true;
    clause = [];
    isDenied = false;
    isCancelled = false;
  };
  for (let at = 0; at < text.atoms.length; at++) {
    if (has(text, at, 'stop', 'comma', 'but')) close(has(text, at, 'question'));
    const place = { sentence, denied: false };
    places.push(place);
    clause.push(place);
    isDenied ||= has(text, at, 'not');
    isCancelled ||= has(text, at, 'cancel');
    if (has(text, at, 'stop')) sentence++;
  }
  close(false);
  return places;
}
