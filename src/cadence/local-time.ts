/**
 * Local clocks, fast. Luxon knows the zones but takes 10 microseconds a question; offsets are remembered at UTC
 * midnights, and between two equal midnights the offset is taken as unchanged.
 */
import { IANAZone } from 'luxon';
import { KnownError } from '../lib/errors.ts';

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** Offsets in ms by zone and UTC day; first in, first out. */
const midnights = new Map<string, number>();
const MIDNIGHTS_LIMIT = 50_000;

/** Milliseconds that the zone's clock is ahead of UTC at an instant (ms). Throws `KnownError` for an unknown zone. */
export function offsetAt(zone: string, instant: number): number {
  const day = Math.floor(instant / DAY);
  const before = midnightOffset(zone, day);
  return before === midnightOffset(zone, day + 1) ? before : exactOffset(zone, instant);
}

/** The local calendar day at an instant, as days since the epoch. */
export function localDayAt(zone: string, instant: number): number {
  return Math.floor((instant + offsetAt(zone, instant)) / DAY);
}

/**
 * The instants at which a clock shows a local time (given as if it were UTC, in ms). They differ only when the clock is
 * turned back over it. A time that is skipped counts as the instant of the turn.
 */
export function instantsOf(zone: string, local: number): { first: number; last: number } {
  // Clocks run from 12 hours behind UTC to 14 ahead: these two instants lie on either side of the one we look for.
  const before = offsetAt(zone, local - 15 * 60 * MINUTE);
  const after = offsetAt(zone, local + 13 * 60 * MINUTE);
  if (before === after) return { first: local - before, last: local - before };
  const candidates = [local - before, local - after];
  const shown = candidates.filter((instant) => instant + offsetAt(zone, instant) === local);
  if (shown.length > 0) return { first: Math.min(...shown), last: Math.max(...shown) };
  const turn = turnWithin(zone, Math.min(...candidates) - 1, Math.max(...candidates) + 1);
  return { first: turn, last: turn };
}

/** The first instant after the one change of offset in (from, to]. */
function turnWithin(zone: string, from: number, to: number): number {
  const offset = offsetAt(zone, from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

function midnightOffset(zone: string, day: number): number {
  const key = `${zone} ${day}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  const offset = exactOffset(zone, day * DAY);
  const oldest = midnights.size >= MIDNIGHTS_LIMIT ? midnights.keys().next().value : undefined;
  if (oldest !== undefined) midnights.delete(oldest);
  midnights.set(key, offset);
  return offset;
}

function exactOffset(zone: string, instant: number): number {
  const minutes = IANAZone.create(zone).offset(instant);
  if (Number.isNaN(minutes)) {
    throw new KnownError('misconfigured', `unknown time zone ${zone}`, `We do not know the time zone "${zone}".`);
  }
  return minutes * MINUTE;
}
