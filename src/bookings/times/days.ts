import { has, numberAt, type Read, role, type Text } from './clock.ts';

/** A day as it was said. `weeks` counts further weeks on. */
export type Day =
  | { kind: 'offset'; days: number }
  | { kind: 'weekday'; weekday: number; which: 'bare' | 'this' | 'coming' | 'next' | 'next_week'; weeks: number }
  | { kind: 'date'; day: number; month?: number; year?: number; weekday?: number }
  /** Day and month in the order of writing. */
  | { kind: 'digits'; first: number; second: number; year?: number; weekday?: number }
  | { kind: 'week'; weeks: number; part?: 'early' | 'late' }
  | { kind: 'week_number'; week: number }
  | { kind: 'weekend'; weeks: number }
  | { kind: 'span'; from: Day; to: Day }
  /** From a day on, or after it. */
  | { kind: 'from'; day: Day; after: boolean }
  /** Until a day, or before it. */
  | { kind: 'until'; day: Day; before: boolean }
  /** It is over: "yesterday", "last Friday". */
  | { kind: 'gone' };

/** A day that begins here, or the days from it on or up to it. */
export function readDay(text: Text, at: number): Read<Day> | undefined {
  const ahead = !has(text, at, 'on') && has(text, at, 'after', 'from', 'before', 'until');
  const found = readOneDay(text, ahead ? at + 1 : at);
  if (!found || found.value.kind === 'gone') return found;
  const { value: day, end } = found;
  const last = has(text, end, 'to', 'until') ? readOneDay(text, end + 1) : undefined;
  if (last && last.value.kind !== 'gone') return { value: { kind: 'span', from: day, to: last.value }, end: last.end };
  if (ahead && has(text, at, 'from', 'after')) {
    return { value: { kind: 'from', day, after: !has(text, at, 'from') }, end };
  }
  if (ahead) return { value: { kind: 'until', day, before: !has(text, at, 'until') }, end };
  if (has(text, end, 'after_behind')) return { value: { kind: 'from', day, after: true }, end: end + 1 };
  if (has(text, end, 'before_behind')) return { value: { kind: 'until', day, before: true }, end: end + 1 };
  return found;
}

function readOneDay(text: Text, at: number): Read<Day> | undefined {
  return (
    readIn(text, at) ??
    readWeeksFrom(text, at) ??
    readWeek(text, at) ??
    readWeekday(text, at) ??
    readDate(text, at) ??
    readOffset(text, at) ??
    (has(text, at, 'gone') ? { value: { kind: 'gone' }, end: at + 1 } : undefined)
  );
}

const DAY = 1440;

/** "in three days", "om en vecka", "3 din baad". */
function readIn(text: Text, at: number): Read<Day> | undefined {
  const ahead = has(text, at, 'in');
  const start = ahead ? at + 1 : at;
  const count = numberAt(text, start, 31);
  const unit = role(text, start + 1, 'unit');
  if (count === undefined || unit === undefined || unit < DAY) return undefined;
  const behind = has(text, start + 2, 'in_behind');
  if (!ahead && !behind) return undefined;
  return { value: { kind: 'offset', days: (count * unit) / DAY }, end: start + (behind && !ahead ? 3 : 2) };
}

/** "a week from Friday". */
function readWeeksFrom(text: Text, at: number): Read<Day> | undefined {
  const count = numberAt(text, at, 8);
  if (count === undefined || role(text, at + 1, 'unit') !== 7 * DAY || !has(text, at + 2, 'from')) return undefined;
  const weekday = role(text, at + 3, 'weekday');
  if (weekday === undefined) return undefined;
  return { value: { kind: 'weekday', weekday, which: 'bare', weeks: count }, end: at + 4 };
}

function readOffset(text: Text, at: number): Read<Day> | undefined {
  const days = role(text, at, 'offset');
  return days === undefined ? undefined : { value: { kind: 'offset', days }, end: at + 1 };
}

type Which = 'bare' | 'this' | 'coming' | 'next' | 'last';

function whichAt(text: Text, at: number): Which {
  for (const which of ['next', 'coming', 'this', 'last'] as const) if (has(text, at, which)) return which;
  return 'bare';
}

/** "next week", "early next week", "this weekend", "vecka 48". */
function readWeek(text: Text, from: number): Read<Day> | undefined {
  let at = from;
  const part = has(text, at, 'early') ? 'early' : has(text, at, 'late') ? 'late' : undefined;
  if (part) at++;
  while (has(text, at, 'on')) at++;
  const before = whichAt(text, at);
  if (before !== 'bare') at++;
  const week = has(text, at, 'week');
  if (!week && !has(text, at, 'weekend')) return undefined;
  at++;
  const number = week && before === 'bare' && text.words.clock24 ? numberAt(text, at, 53) : undefined;
  if (number !== undefined) return { value: { kind: 'week_number', week: number }, end: at + 1 };
  const behind = before === 'bare' ? whichAt(text, at) : 'bare';
  if (behind !== 'bare') at++;
  const which = behind === 'bare' ? before : behind;
  if (which === 'last') return { value: { kind: 'gone' }, end: at };
  const weeks = which === 'next' || (week && which === 'coming') ? 1 : 0;
  if (week && which === 'bare') return undefined;
  return { value: week ? { kind: 'week', weeks, ...(part && { part }) } : { kind: 'weekend', weeks }, end: at };
}

/** "Saturday", "nästa tisdag", "el viernes que viene", "Freitag in einer Woche", "Saturday 28 November". */
function readWeekday(text: Text, from: number): Read<Day> | undefined {
  let at = from;
  while (has(text, at, 'on') && !has(text, at, 'weekday')) at++;
  const before = whichAt(text, at);
  if (before !== 'bare') at++;
  const weekday = role(text, at, 'weekday');
  if (weekday === undefined) return undefined;
  at++;
  const behind = before === 'bare' && !has(text, at + 1, 'week') ? whichAt(text, at) : 'bare';
  if (behind !== 'bare') at++;
  const which = behind === 'bare' ? before : behind;
  if (which === 'last') return { value: { kind: 'gone' }, end: at };

  const date = before === 'bare' ? readDateBehind(text, at) : undefined;
  if (date) return { value: { ...date.value, weekday }, end: date.end };
  const week = readWeek(text, at);
  if (week?.value.kind === 'week') {
    return {
      value: { kind: 'weekday', weekday, which: week.value.weeks > 0 ? 'next_week' : 'this', weeks: 0 },
      end: week.end,
    };
  }
  // "Friday week"
  if (role(text, at, 'unit') === 7 * DAY && !text.words.clock24) {
    return { value: { kind: 'weekday', weekday, which, weeks: 1 }, end: at + 1 };
  }
  const later = readIn(text, at);
  if (later?.value.kind === 'offset' && later.value.days % 7 === 0) {
    return { value: { kind: 'weekday', weekday, which, weeks: later.value.days / 7 }, end: later.end };
  }
  return { value: { kind: 'weekday', weekday, which, weeks: 0 }, end: at };
}

/** The date that belongs to a weekday, where what follows is one. */
function readDateBehind(text: Text, from: number): Read<Extract<Day, { kind: 'date' | 'digits' }>> | undefined {
  const at = has(text, from, 'comma') ? from + 1 : from;
  const date = readDate(text, at);
  if (date && (date.value.kind === 'date' || date.value.kind === 'digits')) return { value: date.value, end: date.end };
  const number = numberAt(text, at, 31);
  // "Saturday 28" is the 28th; "Saturday 11" is eleven o'clock unless a time follows
  const sure = number !== undefined && (number > 24 || isMarkedTime(text, at + 1));
  return sure && at === from ? { value: { kind: 'date', day: number }, end: at + 1 } : undefined;
}

function isMarkedTime(text: Text, from: number): boolean {
  const at = has(text, from, 'comma') ? from + 1 : from;
  if (text.atoms[at]?.literal) return true;
  return has(text, at, 'at', 'about') && !has(text, at, 'on') && numberAt(text, at + 1, 23) !== undefined;
}

/** "24 December", "den 24:e", "24/12", "el 24 de diciembre de 2026", "December 24th". */
function readDate(text: Text, from: number): Read<Day> | undefined {
  let at = from;
  const iso = text.atoms[at]?.iso;
  if (iso) return { value: { kind: 'date', ...iso }, end: at + 1 };
  let dated = false;
  while (has(text, at, 'on', 'dated') && !has(text, at, 'number')) {
    dated ||= has(text, at, 'dated');
    at++;
  }
  const digits = text.atoms[at]?.digits;
  if (digits) return { value: { kind: 'digits', ...digits }, end: at + 1 };
  const dotted = text.atoms[at]?.literal;
  if (dotted?.dotted && (dated || dotted.minutes >= 24 * 60) && !has(text, at + 1, 'oclock')) {
    return {
      value: { kind: 'digits', first: Math.floor(dotted.minutes / 60), second: dotted.minutes % 60 },
      end: at + 1,
    };
  }
  return readMonthFirst(text, at) ?? readDayFirst(text, at, dated);
}

function readMonthFirst(text: Text, at: number): Read<Day> | undefined {
  const month = role(text, at, 'month');
  if (month === undefined) return undefined;
  const next = has(text, at + 1, 'on') ? at + 2 : at + 1;
  const day = text.atoms[next]?.roles.number;
  if (day === undefined || day < 1 || day > 31) return undefined;
  return withYear(text, { kind: 'date', day, month }, next + 1);
}

function readDayFirst(text: Text, at: number, dated: boolean): Read<Day> | undefined {
  const atom = text.atoms[at];
  const day = atom?.roles.number;
  if (day === undefined || day < 1 || day > 31 || (atom?.length ?? 1) > 2) return undefined;
  let next = at + 1;
  const behind = has(text, next, 'ordinal_behind');
  if (behind) next++;
  const month = role(text, has(text, next, 'on') ? next + 1 : next, 'month');
  if (month !== undefined) {
    return withYear(text, { kind: 'date', day, month }, has(text, next, 'on') ? next + 2 : next + 1);
  }
  const said = atom?.ordinal === 'sure' || behind || (dated && !has(text, next, 'oclock', 'unit', 'thing', 'week'));
  return said ? { value: { kind: 'date', day }, end: next } : undefined;
}

/** A year behind a date, with or without a word before it. */
function withYear(text: Text, date: Extract<Day, { kind: 'date' }>, at: number): Read<Day> {
  for (const next of has(text, at, 'on', 'comma') ? [at + 1] : [at]) {
    const atom = text.atoms[next];
    const year = atom?.length === 4 ? atom.roles.number : undefined;
    if (year !== undefined && year >= 2000 && year < 2100) return { value: { ...date, year }, end: next + 1 };
  }
  return { value: date, end: at };
}
