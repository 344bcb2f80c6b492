import { DateTime } from 'luxon';
import { isOpen, type SendHours } from '../cadence/index.ts';
import type { PersonPlace } from '../people/index.ts';

const MINUTE = 60_000;
const STEP = 15;
const DAY = 24 * 60;
/** A reminder soon after the booking was made, or right before the appointment, helps nobody. Minutes. */
const AFTER_BOOKING = 180;
const BEFORE_START = 120;

/**
 * When the customer is reminded: the day before at the hour of the appointment, or as near to it as the send hours and
 * the law allow on that day, else at the last hour before it. Null when that would be too soon after `now`. `zone` is
 * the business's, `place` where the customer may be. Pure.
 */
export function reminderAt(input: {
  startsAt: Date;
  now: Date;
  zone: string;
  place: PersonPlace;
  hours: SendHours;
}): Date | null {
  const { startsAt, now, zone, place, hours } = input;
  const wished = DateTime.fromJSDate(startsAt, { zone }).minus({ days: 1 });
  const dayStart = wished.startOf('day').toMillis();
  const dayEnd = wished.endOf('day').toMillis();
  const usable = (at: number) => isOpen(new Date(at), place, hours) && startsAt.getTime() - at >= BEFORE_START * MINUTE;

  const within = steps(wished.toMillis(), DAY).filter((at) => at >= dayStart && at <= dayEnd);
  const earlier = Array.from({ length: (2 * DAY) / STEP }, (_, step) => dayStart - (step + 1) * STEP * MINUTE);
  const at = [...within, ...earlier].find(usable);
  return at === undefined || at - now.getTime() < AFTER_BOOKING * MINUTE ? null : new Date(at);
}

/** Instants around one, the nearest first. */
function steps(from: number, minutes: number): number[] {
  const away = Array.from({ length: minutes / STEP }, (_, step) => (step + 1) * STEP * MINUTE);
  return [from, ...away.flatMap((ms) => [from - ms, from + ms])];
}
