import { DateTime } from 'luxon';

/** Days of a tenant, both ends included, `YYYY-MM-DD`. */
export interface Days {
  from: string;
  to: string;
}

export const PERIODS = ['today', 'yesterday', 'week', 'month', 'quarter'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** What is looked at, and what it is compared with. */
export interface Period extends Days {
  name: PeriodName | 'days';
  /** `Week 47`, `November 2026`, `1-15 Nov 2026`. */
  title: string;
  /** As many days, right before; of a period that is not over, its first days. */
  before: Days;
  /** How the other one is called: `last week`, `the 15 days before`. */
  beforeTitle: string;
  /** It is not over yet. */
  open: boolean;
}

const UNITS = { week: 'week', month: 'month', quarter: 'quarter' } as const;
const MOST_DAYS = 800;
const DAY_MS = 86_400_000;

const day = (at: DateTime): string => at.toISODate() ?? '';

/** A named period around the day of `now` in `zone`; `back` 1 is the one before, which is over. Pure. */
export function periodOf(name: PeriodName, now: Date, zone: string, back = 0): Period {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day').setLocale('en-GB');
  if (name === 'today' || name === 'yesterday') {
    const at = today.minus({ days: back + (name === 'yesterday' ? 1 : 0) });
    const before = { from: day(at.minus({ days: 1 })), to: day(at.minus({ days: 1 })) };
    const open = at.hasSame(today, 'day');
    const beforeTitle = open ? 'yesterday' : 'the day before';
    return { name, from: day(at), to: day(at), title: at.toFormat('cccc d LLLL'), before, beforeTitle, open };
  }
  const unit = UNITS[name];
  const start = today.startOf(unit).minus({ [unit]: back });
  const end = start.plus({ [unit]: 1 }).minus({ days: 1 });
  const open = end >= today;
  const to = open ? today : end;
  const earlier = start.minus({ [unit]: 1 });
  const earlierEnd = start.minus({ days: 1 });
  // so far against as many days; a whole one against a whole one, which may be a day longer
  const same = earlier.plus({ days: Math.round(to.diff(start, 'days').days) });
  const before = { from: day(earlier), to: day(open && same < earlierEnd ? same : earlierEnd) };
  const short = before.to !== day(earlierEnd);
  const beforeTitle = short ? `the same days of the ${name} before` : `the ${name} before`;
  return { name, from: day(start), to: day(to), title: titleOf(name, start), before, beforeTitle, open };
}

function titleOf(name: 'week' | 'month' | 'quarter', start: DateTime): string {
  if (name === 'week') return `Week ${start.weekNumber}`;
  return start.toFormat(name === 'month' ? 'LLLL yyyy' : "'Quarter' q yyyy");
}

/** Days from one date to another. Pure; undefined when they are no dates, the wrong way round or too many. */
export function daysBetween(from: string, to: string, now: Date, zone: string): Period | undefined {
  const [start, end] = [from, to].map((text) => DateTime.fromISO(text, { zone }).setLocale('en-GB'));
  if (!start?.isValid || !end?.isValid) return undefined;
  const length = Math.round(end.diff(start, 'days').days) + 1;
  if (length < 1 || length > MOST_DAYS) return undefined;
  const before = { from: day(start.minus({ days: length })), to: day(start.minus({ days: 1 })) };
  const title =
    length === 1 ? start.toFormat('d LLL yyyy') : `${spanStart(start, end)} – ${end.toFormat('d LLL yyyy')}`;
  const open = end >= DateTime.fromJSDate(now, { zone }).startOf('day');
  const beforeTitle = length === 1 ? 'the day before' : `the ${length} days before`;
  return { name: 'days', from: day(start), to: day(end), title, before, beforeTitle, open };
}

function spanStart(start: DateTime, end: DateTime): string {
  if (start.year !== end.year) return start.toFormat('d LLL yyyy');
  return start.month === end.month ? start.toFormat('d') : start.toFormat('d LLL');
}

/** Every day of a span, in order. Pure. */
export function eachDay({ from, to }: Days): string[] {
  const days: string[] = [];
  // a date without a time is read in UTC, where every day has 24 hours
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** A day, a week from Monday to Sunday or a month, by its first day. */
export interface Piece {
  span: 'day' | 'week' | 'month';
  first: string;
}

/** The last day of the month so many months on, in ms. */
const endOf = (date: Date, months: number): number =>
  Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0);

/** Cuts days into whole months, what is left of them into whole weeks, and the rest into days. Pure. */
export function piecesOf({ from, to }: Days): Piece[] {
  const pieces: Piece[] = [];
  const end = Date.parse(to);
  // dates without a time are read in UTC, where every day has 24 hours
  for (let at = Date.parse(from); at <= end; ) {
    const date = new Date(at);
    const endOfMonth = endOf(date, 0);
    const endOfWeek = at + 6 * DAY_MS;
    // a week that reaches into a whole month would leave that one in days
    const lastOfWeeks = endOf(date, 1) <= end ? endOfMonth : end;
    const [span, last]: [Piece['span'], number] =
      date.getUTCDate() === 1 && endOfMonth <= end
        ? ['month', endOfMonth]
        : date.getUTCDay() === 1 && endOfWeek <= lastOfWeeks
          ? ['week', endOfWeek]
          : ['day', at];
    pieces.push({ span, first: date.toISOString().slice(0, 10) });
    at = last + DAY_MS;
  }
  return pieces;
}

/** The first day and the length of a span back again from what a button carries; undefined when it is none. */
export function readPeriod(text: string, now: Date, zone: string): Period | undefined {
  const [, name, back] = /^(today|yesterday|week|month|quarter)(?:-(\d))?$/.exec(text) ?? [];
  if (name) return periodOf(name as PeriodName, now, zone, Number(back ?? 0));
  const [, from, to] = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  return from && to ? daysBetween(from, to, now, zone) : undefined;
}
