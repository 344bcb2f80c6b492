/**
 * When automated messages may leave: the tenant's hours cut by the law's hours, on every clock the person may live by.
 * Days are turned into spans of UTC once and remembered, because the dispatcher asks for each message.
 */
import { KnownError, validationError } from '../lib/errors.ts';
import { type DayWindow, extraZones, type Jurisdiction, type LocalDay, legalWindow } from './legal-hours.ts';
import { DAY, instantsOf, MINUTE } from './local-time.ts';

/** The tenant's hours on the person's clock, `"09:00"` to `"20:00"`, the end excluded; `"24:00"` ends a day. */
export interface SendHours {
  start: string;
  end: string;
}

/** Where a person may be: all of `zones` count (never empty), and the law of every candidate place. */
export interface Place extends Jurisdiction {
  zones: readonly string[];
}

/** Milliseconds since the epoch, `to` excluded. */
interface Span {
  from: number;
  to: number;
}

const LOOK_AHEAD_DAYS = 14;

/** Spans by place, hours and UTC day: a memo of a pure function, first in first out. About 300 bytes an entry. */
const memo = new Map<string, readonly Span[]>();
const MEMO_LIMIT = 20_000;

/** Whether an automated message may leave at this instant. */
export function isOpen(at: Date, place: Place, hours: SendHours): boolean {
  return spanAt(at.getTime(), place, hours) !== undefined;
}

/**
 * The first instant not before `at` that is open, `at` itself when it is open now. Throws `KnownError` when there is none:
 * see `findOpening`.
 */
export function nextOpening(at: Date, place: Place, hours: SendHours): Date {
  const opening = findOpening(at, place, hours);
  if (opening) return opening;
  const zones = `${place.zones.slice(0, 3).join(', ')}${place.zones.length > 3 ? ' …' : ''}`;
  throw new KnownError(
    'misconfigured',
    `no opening within ${LOOK_AHEAD_DAYS} days for ${zones} and hours ${hours.start}-${hours.end}`,
    `There is no time of day when this person may be written to: send hours are ${hours.start}-${hours.end} and the person may be in any of ${zones}. Say where the person is, or widen the hours with /rescue hours.`,
  );
}

/** The next opening; undefined when the candidate places, the law there and the hours leave nothing open for 14 days. */
export function findOpening(at: Date, place: Place, hours: SendHours): Date | undefined {
  const time = at.getTime();
  const today = Math.floor(time / DAY);
  for (let day = today; day <= today + LOOK_AHEAD_DAYS; day++) {
    const span = spansOn(day, place, hours).find(({ to }) => to > time);
    if (span) return new Date(Math.max(span.from, time));
  }
  return undefined;
}

/** Whether hours ever open for somebody at a place that is known. */
export const opensAt =
  (clock: { now(): Date }) =>
  (hours: SendHours, { country, zone }: { country: string; zone: string }): boolean =>
    findOpening(clock.now(), { zones: [zone], country, sure: true }, hours) !== undefined;

/** The end of the open window that holds `at`: nothing may be under way after it. `at` itself when it is closed. */
export function closesAt(at: Date, place: Place, hours: SendHours): Date {
  return new Date(spanAt(at.getTime(), place, hours)?.to ?? at.getTime());
}

/**
 * The instant at which it has been open for `openMs` since `from`: the n-th of many that leave one after the other, however
 * many nights lie between. `from`'s next opening for 0.
 */
export function afterOpenTime(from: Date, openMs: number, place: Place, hours: SendHours): Date {
  let at = nextOpening(from, place, hours);
  for (let left = openMs; ; ) {
    const until = closesAt(at, place, hours).getTime();
    const here = until - at.getTime();
    if (left < here) return new Date(at.getTime() + left);
    left -= here;
    at = nextOpening(new Date(until), place, hours);
  }
}

function spanAt(time: number, place: Place, hours: SendHours): Span | undefined {
  for (const span of spansOn(Math.floor(time / DAY), place, hours)) {
    if (time >= span.from && time < span.to) return span;
  }
  return undefined;
}

/** The open spans that touch a UTC day (days since the epoch), whole, in order. */
function spansOn(day: number, place: Place, hours: SendHours): readonly Span[] {
  const key = `${day}|${hours.start}${hours.end}|${place.zones}|${place.sure}|${place.country}|${place.states}|${place.otherCountries}`;
  const known = memo.get(key);
  if (known) return known;

  const tenant = { start: minuteOf(hours.start), end: minuteOf(hours.end) };
  if (tenant.start >= tenant.end) {
    throw validationError([{ field: 'hours', message: 'The end of the send hours must be later than their start.' }]);
  }
  const zones = new Set([...place.zones, ...extraZones(place)]);
  const [first = [], ...others] = [...zones].map((zone) => spansInZone(day, zone, place, tenant));
  const spans = others.reduce(intersect, first).filter(({ from, to }) => to > day * DAY && from < (day + 1) * DAY);

  const oldest = memo.size >= MEMO_LIMIT ? memo.keys().next().value : undefined;
  if (oldest !== undefined) memo.delete(oldest);
  memo.set(key, spans);
  return spans;
}

/** Windows of the local days around a UTC day on one clock; days that are open into each other are joined. */
function spansInZone(day: number, zone: string, place: Place, tenant: DayWindow): Span[] {
  const spans: Span[] = [];
  // Local days run up to 14 hours ahead of UTC and 12 behind: three of them cover any UTC day.
  for (const localDay of [day - 1, day, day + 1]) {
    const legal = legalWindow(place, zone, calendarDay(localDay));
    if (!legal) continue;
    // The clock may be turned within the day: open after the last reading of the start, close at the first of the end.
    const from = instantsOf(zone, localDay * DAY + Math.max(tenant.start, legal.start) * MINUTE).last;
    const to = instantsOf(zone, localDay * DAY + Math.min(tenant.end, legal.end) * MINUTE).first;
    const before = spans.at(-1);
    if (from >= to) continue;
    if (before && before.to === from) before.to = to;
    else spans.push({ from, to });
  }
  return spans;
}

function intersect(left: readonly Span[], right: readonly Span[]): Span[] {
  return left.flatMap((a) =>
    right
      .map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }))
      .filter((span) => span.from < span.to),
  );
}

function calendarDay(daysSinceEpoch: number): LocalDay {
  const date = new Date(daysSinceEpoch * DAY);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay() || 7,
  };
}

/** Minutes since midnight of `"HH:MM"`. Throws a validation error. */
export function minuteOf(time: string): number {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(time) ?? [];
  const total = Number(hour) * 60 + Number(minute);
  if (Number.isNaN(total) || Number(minute) > 59 || total > 24 * 60) {
    throw validationError([{ field: 'hours', message: `"${time}" is not a time of day. Write it like 09:00.` }]);
  }
  return total;
}
