import { DateTime } from 'luxon';
import type { Day } from './days.ts';
import type { AskWhy, TimeWords } from './types.ts';

/** Whole local days, `last` included. */
export interface Days {
  first: DateTime;
  last: DateTime;
}

/** The days that were meant: one reading, or several and why that is not clear. `over`: it lies in the past. */
export type Dated =
  | { kind: 'days'; readings: Days[]; why?: AskWhy }
  /** The day has passed this year; the reading is a year ahead. */
  | { kind: 'past'; readings: Days[] }
  | { kind: 'over' }
  | { kind: 'nonsense' };

/** A date without a year that lies further ahead was probably meant to be past. Days. */
const FAR = 300;
/** Countries that write the month before the day. */
const MONTH_FIRST = new Set(['US', 'CA', 'PH']);

export interface CalendarContext {
  /** Local. */
  now: DateTime;
  words: TimeWords;
  /** Date order is not certain in English. */
  english: boolean;
  country?: string | undefined;
}

/** Which days a day in words may be. Pure. */
export function datesOf(day: Day, context: CalendarContext): Dated {
  const today = context.now.startOf('day');
  switch (day.kind) {
    case 'gone':
      return { kind: 'over' };
    case 'offset':
      return one(today.plus({ days: day.days }));
    case 'week':
      return week(monday(today).plus({ weeks: day.weeks }), day.part);
    case 'week_number':
      return weekNumber(day.week, today);
    case 'weekend':
      return weekend(today, day.weeks);
    case 'weekday':
      return weekday(day, context, today);
    case 'date':
      return date(day, today);
    case 'digits':
      return digits(day, context, today);
    case 'from':
      return from(datesOf(day.day, context), day.after);
    case 'until':
      return until(datesOf(day.day, context), day.before, today);
    case 'span':
      return between(datesOf(day.from, context), datesOf(day.to, context));
  }
}

const one = (at: DateTime): Dated => ({ kind: 'days', readings: [{ first: at, last: at }] });
const monday = (at: DateTime) => at.minus({ days: at.weekday - 1 });

function week(first: DateTime, part: 'early' | 'late' | undefined): Dated {
  const [from, to] = part === 'early' ? [0, 2] : part === 'late' ? [3, 6] : [0, 6];
  return { kind: 'days', readings: [{ first: first.plus({ days: from }), last: first.plus({ days: to }) }] };
}

function weekNumber(number: number, today: DateTime): Dated {
  const year = number >= today.weekNumber ? today.weekYear : today.weekYear + 1;
  const first = DateTime.fromObject({ weekYear: year, weekNumber: number, weekday: 1 }, { zone: today.zone });
  return first.isValid && number > 0 ? week(first, undefined) : { kind: 'nonsense' };
}

function weekend(today: DateTime, weeks: number): Dated {
  const saturday = monday(today).plus({ days: 5, weeks });
  return { kind: 'days', readings: [{ first: saturday, last: saturday.plus({ days: 1 }) }] };
}

function weekday(day: Extract<Day, { kind: 'weekday' }>, context: CalendarContext, today: DateTime): Dated {
  const ahead = (day.weekday - today.weekday + 7) % 7;
  const coming = today.plus({ days: ahead });
  const after = today.plus({ days: ahead || 7 });
  const inNextWeek = monday(today).plus({ weeks: 1, days: day.weekday - 1 });
  if (day.weeks > 0) return one(coming.plus({ weeks: day.weeks }));
  switch (day.which) {
    case 'this':
      return one(coming);
    case 'coming':
      return one(after);
    case 'next_week':
      return one(inNextWeek);
    case 'next': {
      if (context.words.next === 'coming') return one(after);
      // nobody calls tomorrow "next Tuesday"
      const clear = context.words.next === 'week' || ahead <= 1 || after.equals(inNextWeek);
      return clear ? one(inNextWeek) : several([after, inNextWeek], 'which_day');
    }
    case 'bare':
      return ahead === 0 ? several([coming, after], 'which_day') : one(coming);
  }
}

const several = (days: DateTime[], why: AskWhy): Dated => ({
  kind: 'days',
  readings: days.map((at) => ({ first: at, last: at })),
  why,
});

function date(day: Extract<Day, { kind: 'date' }>, today: DateTime): Dated {
  const found = day.month === undefined ? nextDayOfMonth(day.day, today) : dateOf(day.day, day.month, day.year, today);
  if (!found) return { kind: 'nonsense' };
  if (day.weekday !== undefined && found.weekday !== day.weekday) {
    const ahead = (day.weekday - today.weekday + 7) % 7;
    return several([found, today.plus({ days: ahead || 7 })].sort(inOrder), 'day_mismatch');
  }
  return judged(found, today, day.year !== undefined);
}

const inOrder = (a: DateTime, b: DateTime) => a.toMillis() - b.toMillis();

function judged(found: DateTime, today: DateTime, hasYear: boolean): Dated {
  if (found < today) return { kind: 'over' };
  const readings = [{ first: found, last: found }];
  return !hasYear && found.diff(today).as('days') > FAR ? { kind: 'past', readings } : { kind: 'days', readings };
}

/** The next such date that is not over; undefined when there is none. */
function dateOf(day: number, month: number, year: number | undefined, today: DateTime): DateTime | undefined {
  const years = year === undefined ? [0, 1, 2, 3, 4].map((more) => today.year + more) : [year];
  const found = years.map((each) => DateTime.fromObject({ year: each, month, day }, { zone: today.zone }));
  return found.find((at) => at.isValid && (year !== undefined || at >= today));
}

function nextDayOfMonth(day: number, today: DateTime): DateTime | undefined {
  return [0, 1, 2]
    .map((months) => today.startOf('month').plus({ months }))
    .map((month) => DateTime.fromObject({ year: month.year, month: month.month, day }, { zone: today.zone }))
    .find((at) => at.isValid && at >= today);
}

function digits(day: Extract<Day, { kind: 'digits' }>, context: CalendarContext, today: DateTime): Dated {
  const { first, second, year, weekday: said } = day;
  const dayFirst = dateOf(first, second, year, today);
  const monthFirst = dateOf(second, first, year, today);
  const american = context.english && context.country !== undefined && MONTH_FIRST.has(context.country);
  const unsure = context.english && context.country === undefined;
  const readings = unsure ? [dayFirst, monthFirst] : american ? [monthFirst, dayFirst] : [dayFirst];
  const valid = readings.filter((at) => at !== undefined && (said === undefined || at.weekday === said)) as DateTime[];
  const [likely, other] = valid;
  if (!likely) {
    const [any] = readings.filter((at) => at !== undefined);
    return any && said !== undefined
      ? date({ kind: 'date', day: any.day, month: any.month, year: any.year, weekday: said }, today)
      : { kind: 'nonsense' };
  }
  if (unsure && other && !likely.equals(other)) return several([likely, other].sort(inOrder), 'which_date');
  return judged(likely, today, year !== undefined);
}

/** The week that begins with a day, or behind it. */
function from(dated: Dated, after: boolean): Dated {
  if (dated.kind !== 'days') return dated;
  const readings = dated.readings.map(({ first, last }) => {
    const start = after ? last.plus({ days: 1 }) : first;
    return { first: start, last: start.plus({ days: 6 }) };
  });
  return { ...dated, readings };
}

function until(dated: Dated, before: boolean, today: DateTime): Dated {
  if (dated.kind !== 'days') return dated;
  const lasts = dated.readings.map(({ first, last }) => (before ? first.minus({ days: 1 }) : last));
  const readings = lasts.filter((last) => last >= today).map((last) => ({ first: today, last }));
  return readings.length > 0 ? { ...dated, readings } : { kind: 'over' };
}

/** From the first day of one to the last of another that follows it. */
function between(from: Dated, to: Dated): Dated {
  if (from.kind !== 'days' || to.kind !== 'days') return { kind: 'nonsense' };
  const first = from.readings[0]?.first;
  const last = to.readings.map((each) => each.last).find((at) => first !== undefined && at >= first);
  if (!first || !last) return { kind: 'nonsense' };
  return { kind: 'days', readings: [{ first, last }] };
}
