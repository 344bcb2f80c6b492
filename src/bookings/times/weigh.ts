import type { DateTime } from 'luxon';
import { type CalendarContext, type Dated, datesOf } from './calendar.ts';
import type { Day } from './days.ts';
import type { Said } from './reading.ts';
import { amount, type ResolveContext, resolve, type Time } from './resolve.ts';
import { type AskWhy, type At, PARTS, type Part, type Range, type Understood } from './types.ts';

export type WeighContext = CalendarContext & ResolveContext;

/** A day with a time, either of them possibly unsaid. */
interface Wish {
  day?: Day;
  time?: Time;
}

/** Makes one meaning of everything that was said of time. Pure. */
export function weigh(said: readonly Said[], context: WeighContext): Understood {
  const waits = said.flatMap((each) => (each.kind === 'wait' ? [each] : []));
  const [wait] = waits;
  // "today in two hours"
  const isToday = (each: Said) => each.kind === 'day' && each.day.kind === 'offset' && each.day.days === 0;
  if (wait && said.every((each) => each.kind === 'wait' || isToday(each))) {
    const at = context.now.plus({ minutes: wait.minutes }).set({ second: 0, millisecond: 0 });
    return { kind: 'at', instant: (at > context.now ? at : at.plus({ minutes: 1 })).toJSDate() };
  }
  const outcomes = wishesOf(said, context)
    .filter((wish) => wish.day?.kind !== 'gone')
    .map((wish) => fulfil(wish, context));
  return together(outcomes);
}

type Outcome = Exclude<Understood, null> | null;

/** One outcome as it is, several as a question. */
function together(outcomes: readonly Outcome[]): Understood {
  const known = outcomes.filter((outcome) => outcome !== null);
  const [only] = known;
  if (!only) return null;
  if (known.length === 1) return only;
  const found = known.flatMap((outcome) => (outcome.kind === 'ask' ? outcome.candidates : [outcome]));
  return amount(found, 'which') ?? only;
}

/** Puts days and times together as they stand in the text. */
function wishesOf(said: readonly Said[], context: WeighContext): Wish[] {
  const named = inTheirWeeks(said.flatMap((each) => (each.kind === 'day' ? [each] : [])));
  const days = distinctDays(named, context);
  const times = timesOf(said);
  if (days.length === 0) return times.map(({ time }) => ({ time }));
  if (times.length === 0) return days.map(({ day }) => ({ day }));
  const [day] = days;
  const [time] = times;
  if (days.length === 1 && day) return times.map((each) => ({ day: day.day, time: each.time }));
  // "Friday or Saturday at eleven"
  if (times.length === 1 && time && day && sameSentence(days, time)) {
    return days.map((each) => ({ day: each.day, time: time.time }));
  }
  return days.flatMap((each, index): Wish[] => {
    const next = days[index + 1];
    const own = times.filter((time) => nearest(days, time) === index);
    if (own.length > 0) return own.map((time) => ({ day: each.day, time: time.time }));
    // a day that only tells of something else, beside one with a time
    return next === undefined && times.length > 0 ? [] : index === 0 && times.length > 0 ? [] : [{ day: each.day }];
  });
}

interface Placed {
  start: number;
  sentence: number;
}
type PlacedDay = Placed & { day: Day };
type PlacedTime = Placed & { time: Time };

const sameSentence = (days: readonly PlacedDay[], time: Placed) => days.every((day) => day.sentence === time.sentence);

/** The day a time belongs to: the one before it in its sentence, else the one behind it there, else the nearest. */
function nearest(days: readonly PlacedDay[], time: Placed): number {
  const within = days.map((day, index) => ({ day, index })).filter(({ day }) => day.sentence === time.sentence);
  const candidates = within.length > 0 ? within : days.map((day, index) => ({ day, index }));
  const before = candidates.filter(({ day }) => day.start < time.start).at(-1);
  return (before ?? candidates[0])?.index ?? 0;
}

type SaidDay = Said & { kind: 'day' };

/** "next week, preferably Tuesday" is Tuesday of next week. */
function inTheirWeeks(days: readonly SaidDay[]): SaidDay[] {
  const week = days.find(({ day }) => day.kind === 'week');
  const inWeek = ({ day, sentence }: SaidDay) =>
    day.kind === 'weekday' && day.which === 'bare' && sentence === week?.sentence;
  if (week?.day.kind !== 'week' || !days.some(inWeek)) return [...days];
  const which = week.day.weeks > 0 ? 'next_week' : 'this';
  return days
    .filter((each) => each !== week)
    .map((each) => (inWeek(each) && each.day.kind === 'weekday' ? { ...each, day: { ...each.day, which } } : each));
}

/** Days that are the same one ("tomorrow, Tuesday") count once. */
function distinctDays(days: readonly SaidDay[], context: WeighContext): PlacedDay[] {
  const kept: PlacedDay[] = [];
  for (const day of days) {
    const clear = startsOf(datesOf(day.day, context));
    const twin = kept.findIndex((other) => {
      const known = startsOf(datesOf(other.day, context));
      return known.some((at) => clear.some((mine) => mine.equals(at)));
    });
    const other = kept[twin];
    if (!other) kept.push(day);
    else if (clear.length < startsOf(datesOf(other.day, context)).length) kept[twin] = { ...other, day: day.day };
  }
  return kept;
}

const startsOf = (dated: Dated): DateTime[] =>
  dated.kind === 'days' || dated.kind === 'past' ? dated.readings.map((each) => each.first) : [];

/** Clocks, spans and parts of the day; a part beside a clock tells which half of the day is meant. */
function timesOf(said: readonly Said[]): PlacedTime[] {
  const times: (PlacedTime & { end: number })[] = [];
  for (const each of said) {
    if (each.kind === 'day' || each.kind === 'wait') continue;
    const { start, end, sentence } = each;
    const time: Time =
      each.kind === 'clock'
        ? { clock: each.clock }
        : each.kind === 'span'
          ? { span: each.span }
          : { part: each.part, ...(each.half && { half: each.half }) };
    const last = times.at(-1);
    const joined = last?.sentence === sentence ? merged(last.time, time) : undefined;
    if (last && joined) times[times.length - 1] = { ...last, time: joined, end };
    else times.push({ time, start, end, sentence });
  }
  return times;
}

/** Two times that say one thing: a part and a clock, "after three" and "before six". */
function merged(a: Time, b: Time): Time | undefined {
  const parts = (a.part ? 1 : 0) + (b.part ? 1 : 0);
  const clocks = (a.clock || a.span ? 1 : 0) + (b.clock || b.span ? 1 : 0);
  if (parts === 1 && clocks === 1) {
    const [part] = [a.part ?? b.part];
    return { ...a, ...b, ...(part && { part }) };
  }
  // "first thing in the morning"
  if (a.part && b.part && clocks === 0) return narrower(a, b, a.part, b.part);
  const [first, second] = [a.span, b.span];
  if (!first || !second || parts > 0) return undefined;
  const from = first.from ?? second.from;
  const to = first.to ?? second.to;
  const both = from && to && !(first.from && first.to) && !(second.from && second.to);
  return both && from.minutes % NOON < to.minutes % NOON ? { span: { from, to } } : undefined;
}

/** The one of two parts of the day that lies within the other. */
function narrower(a: Time, b: Time, first: Part, second: Part): Time | undefined {
  const [from, to] = PARTS[first];
  const [start, end] = PARTS[second];
  if (start >= from && end <= to) return b;
  return from >= start && to <= end ? a : undefined;
}

const NOON = 12 * 60;

function fulfil({ day, time }: Wish, context: WeighContext): Understood {
  if (!day) return time ? onNextDay(time, context) : null;
  const dated = datesOf(day, context);
  if (dated.kind === 'nonsense') return null;
  if (dated.kind === 'over') return { kind: 'ask', why: 'past', candidates: [] };
  const usable = withoutNumberOfDay(day, time, dated, context);
  let why: AskWhy | undefined = dated.kind === 'past' ? 'past' : dated.why;
  const found: (At | Range)[] = [];
  for (const reading of dated.readings) {
    const resolved = resolve(reading, usable, context);
    if ('over' in resolved) {
      // the other reading is the one
      if (dated.readings.length > 1) why = undefined;
      continue;
    }
    found.push(...resolved.found);
    why ??= resolved.why;
  }
  if (found.length === 0) return passed(dated.readings[0]?.first, usable, context);
  return amount(found, why);
}

/** "Saturday 28" said on the eve of Saturday the 28th is the date and no time. */
function withoutNumberOfDay(day: Day, time: Time | undefined, dated: Dated, context: WeighContext): Time | undefined {
  if (day.kind !== 'weekday' || !time?.clock || time.clock.marked || time.part) return time;
  const [first] = startsOf(dated);
  const { minutes } = time.clock;
  if (!first || first.day !== minutes / 60) return time;
  const hour = resolve({ first, last: first }, time, context);
  const open = context.opening?.[String(first.weekday) as '1'] ?? [{ from: '08:00', to: '20:00' }];
  const local = `${String(minutes / 60).padStart(2, '0')}:00`;
  return 'found' in hour && open.some(({ from, to }) => local >= from && local < to) ? time : undefined;
}

/** The same time on the next day, as what may have been meant. */
function passed(day: DateTime | undefined, time: Time | undefined, context: WeighContext): Understood {
  if (!day) return null;
  const next = day.plus({ days: 1 }).startOf('day');
  const resolved = resolve({ first: next, last: next }, time, context);
  const candidates = 'found' in resolved ? resolved.found : [];
  return { kind: 'ask', why: 'past', candidates };
}

/** A time without a day: today if it is still ahead, else tomorrow; said to be assumed. */
function onNextDay(time: Time, context: WeighContext): Understood {
  const today = context.now.startOf('day');
  for (const days of [0, 1]) {
    const first = today.plus({ days }).startOf('day');
    const resolved = resolve({ first, last: first }, time, context);
    if ('over' in resolved) continue;
    const assumed = resolved.found.map((each) => ({ ...each, assumedDay: true as const }));
    return amount(assumed, resolved.why);
  }
  return null;
}
