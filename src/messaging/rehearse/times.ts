import { DateTime } from 'luxon';
import type { CadenceStep, Playbook, Settings } from '../../tenants/index.ts';
import type { Ending } from './types.ts';

/** Customers answer at noon: later than the message of the morning, before one of the evening. */
const NOON = 12;

const HOUR_MS = 3_600_000;

/** The local time that the plan asks for: undefined on day 0, which leaves at once. */
export function askedTime(step: CadenceStep, playbook: Playbook, settings: Settings): string | undefined {
  return step.at ?? (step.day === 0 ? undefined : (settings.stepTime ?? playbook.cadence.at));
}

/** The instant of a step's day and time on the customer's clock, whatever the hours say; never before the start. */
export function wantedAt(day: number, time: string | undefined, start: Date, zone: string): Date {
  if (time === undefined) return start;
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return later(localDay(start, day, zone).set({ hour, minute }).toJSDate(), start);
}

/** Noon of the day; when that is past at the start, an hour after the start. */
export function endingAt(ending: Ending, start: Date, zone: string): Date {
  const noon = localDay(start, ending.day, zone).set({ hour: NOON }).toJSDate();
  return noon > start ? noon : new Date(start.getTime() + HOUR_MS);
}

const localDay = (start: Date, day: number, zone: string) =>
  DateTime.fromJSDate(start, { zone }).startOf('day').plus({ days: day });

const later = (a: Date, b: Date) => (a > b ? a : b);

/**
 * Start times at which plans go wrong first: the start itself, a Friday evening before each of the next two changes of
 * the clock, the coming Saturday night, and the first hour of the new year.
 */
export function tellingStarts(from: Date, zone: string): Date[] {
  const now = DateTime.fromJSDate(from, { zone });
  const day = now.startOf('day');
  const turns = nextTurns(day);
  const friday = (before: DateTime) =>
    before.minus({ days: (before.weekday + 2) % 7 || 7 }).set({ hour: 17, minute: 50 });
  const saturday = day.plus({ days: (13 - day.weekday) % 7 }).set({ hour: 23, minute: 30 });
  const newYear = day.startOf('year').plus({ years: 1 }).set({ minute: 30 });
  const fridays = turns.length > 0 ? turns.map(friday) : [friday(day.plus({ weeks: 2 }))];
  const all = [from, ...[...fridays, saturday, newYear].map((time) => time.toJSDate())];
  return [...new Map(all.map((time) => [time.getTime(), time])).values()];
}

/** The days between two instants on which the customer's clock is turned; their local midnights. */
export function clockTurns(from: Date, to: Date, zone: string): Date[] {
  const turns = nextTurns(DateTime.fromJSDate(from, { zone }).startOf('day'));
  return turns.map((turn) => turn.toJSDate()).filter((turn) => turn <= to);
}

/** The local days on which the clock is turned next, two at most, within about a year; looked for a week at a time. */
function nextTurns(from: DateTime): DateTime[] {
  const turns: DateTime[] = [];
  for (let week = 0; week < 57 && turns.length < 2; week++) {
    const first = from.plus({ weeks: week });
    if (first.offset === first.plus({ weeks: 1 }).offset) continue;
    const days = Array.from({ length: 7 }, (_, day) => first.plus({ days: day }));
    turns.push(...days.filter((day) => day.offset !== day.plus({ days: 1 }).offset));
  }
  return turns.slice(0, 2);
}
