import type { DateTime } from 'luxon';
import type { Days } from './calendar.ts';
import type { Clock } from './clock.ts';
import type { Span } from './spans.ts';
import { type Ask, type AskWhy, type At, PARTS, type Part, type Range, type TimeContext } from './types.ts';

/** A time of day as it was said, without its day. */
export interface Time {
  clock?: Clock;
  span?: Span;
  part?: Part;
  half?: 'early' | 'late';
}

export interface ResolveContext {
  /** Local. */
  now: DateTime;
  opening: TimeContext['opening'];
  clock24: boolean;
}

/** What some days and a time make; undefined when all of it is over. */
export type Resolved = { found: (At | Range)[]; why?: AskWhy } | { over: true };

const HOUR = 60;
const NOON = 12 * HOUR;
/** "After 6" is rather in the evening, though it is closed then, than at six in the morning; "after 8" is not. */
const AFTER_HOURS = 90;
/** When a business is open of which we know nothing. */
const USUAL: readonly (readonly [number, number])[] = [[8 * HOUR, 20 * HOUR]];

/** Turns days and a time of day into instants. Pure. */
export function resolve(days: Days, time: Time | undefined, context: ResolveContext): Resolved {
  const whole = days.first.hasSame(days.last, 'day');
  if (!time || !whole) return stretch(days.first, onDay(days.last, 24 * HOUR), context);
  if (time.clock) return instantOf(days.first, time.clock, time.part, context);
  if (time.span) return spanOf(days.first, time.span, time.part, context);
  return time.part ? partOfDay(days.first, time.part, time.half, context) : { over: true };
}

/** The wall clock of a day; a time that is skipped moves on with the clocks. */
const onDay = (day: DateTime, minutes: number): DateTime =>
  minutes >= 24 * HOUR
    ? day.plus({ days: 1 }).startOf('day')
    : day.set({ hour: Math.floor(minutes / HOUR), minute: minutes % HOUR });

function stretch(from: DateTime, to: DateTime, { now }: ResolveContext): Resolved {
  if (to <= now) return { over: true };
  return { found: [{ kind: 'range', from: (from > now ? from : now).toJSDate(), to: to.toJSDate() }] };
}

function partOfDay(day: DateTime, part: Part, half: Time['half'], context: ResolveContext): Resolved {
  const [from, to] = PARTS[part];
  const middle = ((from + to) / 2) * HOUR;
  return stretch(
    onDay(day, half === 'late' ? middle : from * HOUR),
    onDay(day, half === 'early' ? middle : to * HOUR),
    context,
  );
}

/** The minutes a clock may mean, the likelier first: both halves of the day unless something decides. */
function readings(clock: Clock, part: Part | undefined): number[] {
  if (clock.exact) return [clock.minutes];
  const early = clock.minutes % NOON;
  const late = early + NOON;
  if (part === undefined) return clock.minutes < HOUR ? [late, early] : [early, late];
  const [from, to] = PARTS[part];
  const within = [early, late].filter((minutes) => minutes >= from * HOUR && minutes <= to * HOUR);
  return within.length > 0 ? within : part === 'early' || part === 'morning' || part === 'forenoon' ? [early] : [late];
}

function openOn(day: DateTime, opening: TimeContext['opening']): readonly (readonly [number, number])[] {
  if (!opening) return USUAL;
  const minutes = (time: string) => Number(time.slice(0, 2)) * HOUR + Number(time.slice(3));
  const spans = (hours: { from: string; to: string }[] | undefined) =>
    (hours ?? []).map(({ from, to }) => [minutes(from), minutes(to)] as const);
  const today = spans(opening[String(day.weekday) as keyof typeof opening]);
  // on a closed day the hour is still read by when they are usually open
  return today.length > 0 ? today : Object.values(opening).flatMap(spans);
}

const isOpen = (minutes: number, spans: readonly (readonly [number, number])[]) =>
  spans.some(([from, to]) => minutes >= from && minutes < to);

function instantOf(day: DateTime, clock: Clock, part: Part | undefined, context: ResolveContext): Resolved {
  const all = readings(clock, part);
  const spans = openOn(day, context.opening);
  const open = all.filter((minutes) => isOpen(minutes, spans));
  // who says "kl 8" and counts to 24 means the morning, if that is possible
  const likely = open.length > 1 && context.clock24 ? open.slice(0, 1) : open;
  const meant = likely.length > 0 ? likely : all;
  const at = meant.map((minutes) => onDay(day, minutes));
  const ahead = at.filter((each) => each > context.now);
  const found = ahead.map((each): At => ({ kind: 'at', instant: each.toJSDate() }));
  if (found.length === 0) return { over: true };
  return found.length === 1 && meant.length === 1 ? { found } : { found, why: 'am_or_pm' };
}

function spanOf(day: DateTime, { from, to }: Span, part: Part | undefined, context: ResolveContext): Resolved {
  const spans = openOn(day, context.opening);
  const options = (clock: Clock | undefined, edge: number) => (clock ? readings(clock, part) : [edge]);
  const [opens, closes] = [Math.min(...spans.map(([start]) => start)), Math.max(...spans.map(([, end]) => end))];
  const pairs = options(from, 0).flatMap((start) => options(to, 24 * HOUR).map((end) => [start, end] as const));
  const useful = pairs.filter(([start, end]) => start < end && end > opens);
  // the pair that lies within the opening, then the shorter one
  const outside = ([start, end]: readonly [number, number]) =>
    (from ? Math.max(0, opens - start) + (start >= closes ? AFTER_HOURS : 0) : 0) +
    (to ? Math.max(0, end - closes) : 0);
  const [best] = useful.sort((a, b) => outside(a) - outside(b) || a[1] - a[0] - (b[1] - b[0]));
  const chosen = best ?? pairs.find(([start, end]) => start < end);
  return chosen ? stretch(onDay(day, chosen[0]), onDay(day, chosen[1]), context) : { over: true };
}

/** What several findings amount to. */
export function amount(found: readonly (At | Range)[], why: AskWhy | undefined): At | Range | Ask | null {
  const distinct = found.filter((each, index) => found.findIndex((other) => same(each, other)) === index);
  const sorted = distinct.sort((a, b) => startOf(a) - startOf(b));
  const [only] = sorted;
  if (!only) return null;
  return sorted.length === 1 && (why === undefined || why === 'which')
    ? only
    : { kind: 'ask', why: why ?? 'which', candidates: sorted };
}

const startOf = (each: At | Range) => (each.kind === 'at' ? each.instant : each.from).getTime();

const same = (a: At | Range, b: At | Range) =>
  startOf(a) === startOf(b) && a.kind === b.kind && (a.kind === 'at' || b.kind === 'at' || +a.to === +b.to);
