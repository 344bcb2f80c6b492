import { DateTime } from 'luxon';
import type { Settings } from '../tenants/index.ts';

/*
 * The business's own clock: it runs while the business is open and stands still otherwise. A promise of an answer within
 * fifteen minutes that is given on Friday evening is kept on Monday morning.
 */

/** When the business is open, on the clock of its zone (IANA). */
export interface OpeningHours {
  opening: Settings['opening'];
  /** `YYYY-MM-DD` */
  closedDays: readonly string[];
  zone: string;
}

/** Milliseconds since the epoch, `to` excluded. */
interface Span {
  from: number;
  to: number;
}

const MINUTE = 60_000;
/** How far back the clock is read: longer than any holiday. */
const LOOK_BACK_DAYS = 400;

/** Minutes that the business was open between two instants; 0 when the second is not later. Pure. */
export function openMinutes(from: Date, to: Date, hours: OpeningHours): number {
  if (!everOpens(hours)) return Math.max(0, to.getTime() - from.getTime()) / MINUTE;
  let total = 0;
  for (let day = local(to, hours); day.endOf('day').toMillis() >= from.getTime(); day = day.minus({ days: 1 })) {
    for (const span of spansOf(day, hours)) {
      total += Math.max(0, Math.min(span.to, to.getTime()) - Math.max(span.from, from.getTime()));
    }
  }
  return total / MINUTE;
}

/**
 * The latest instant from which on at least `minutes` of business time have passed by `now`: whatever waits since then or
 * longer has waited that long. Null when the business was not open for so long within a year. Pure.
 */
export function openSince(now: Date, minutes: number, hours: OpeningHours): Date | null {
  if (!everOpens(hours)) return new Date(now.getTime() - minutes * MINUTE);
  let left = minutes * MINUTE;
  const today = local(now, hours);
  for (let back = 0; back <= LOOK_BACK_DAYS; back++) {
    for (const span of spansOf(today.minus({ days: back }), hours).reverse()) {
      const length = Math.min(span.to, now.getTime()) - span.from;
      if (length <= 0) continue;
      if (length >= left) return new Date(span.from + length - left);
      left -= length;
    }
  }
  return null;
}

/** A business without any hours would never be reminded: then its clock always runs. */
function everOpens({ opening }: OpeningHours): boolean {
  return Object.values(opening).some((spans) => spans?.some(({ from, to }) => from < to) ?? false);
}

const local = (at: Date, { zone }: OpeningHours) => DateTime.fromJSDate(at, { zone });

/** The spans of one local day, in order, without overlap. */
function spansOf(day: DateTime, { opening, closedDays }: OpeningHours): Span[] {
  if (closedDays.includes(day.toISODate() ?? '')) return [];
  const midnight = day.startOf('day'); // on the day of a turn the clock time of `day` could decide which of two hours is meant
  const spans = (opening[String(day.weekday) as keyof Settings['opening']] ?? [])
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => ({ from: clock(midnight, from), to: clock(midnight, to) }))
    .sort((a, b) => a.from - b.from);
  const joined: Span[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before && span.from <= before.to) before.to = Math.max(before.to, span.to);
    else joined.push({ ...span });
  }
  return joined.filter((span) => span.from < span.to);
}

/** When the day's clock shows `HH:MM`; a time that is skipped when clocks are turned counts as the one after. */
function clock(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute, second: 0, millisecond: 0 }).toMillis();
}
