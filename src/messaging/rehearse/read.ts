import { DateTime } from 'luxon';

/** Days that a customer may take to answer: as far as a cadence may reach. */
export const MAX_DAY = 365;

/** A day on which the customer does something, `5`; undefined for anything else. */
export function readDay(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) <= MAX_DAY ? Number(text) : undefined;
}

/** Up to the time of day: an hour of the clock that is asked for without a day is today's. */
const START = /^(?:(\d{4}-\d{2}-\d{2})(?:[T ](?=\d)|$))?(?:(\d{1,2}):(\d{2}))?$/i;

/** Without a time, a lead is logged in the middle of the morning. */
const MORNING = { hour: 10, minute: 0 };

/**
 * A start on a local clock, to the minute: `2026-10-23T17:50`, `2026-10-23 17:50`, `2026-10-23` (10:00), `17:50` (today).
 * Of a time that the clock shows twice the first is meant; one that it skips is taken after the gap. Undefined when it
 * is none.
 */
export function readStart(text: string, zone: string, now: Date): Date | undefined {
  const [all, date, hour, minute] = START.exec(text.trim()) ?? [];
  if (!all) return undefined;
  const day = date ? DateTime.fromISO(date, { zone }) : DateTime.fromJSDate(now, { zone }).startOf('day');
  const time = hour === undefined ? MORNING : { hour: Number(hour), minute: Number(minute) };
  if (!day.isValid || time.hour > 23 || time.minute > 59) return undefined;
  return day.set(time).toJSDate();
}
