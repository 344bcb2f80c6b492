import type { Atom } from './atoms.ts';
import type { Role, TimeWords } from './types.ts';

/** A text as atoms, with the habits of its language. */
export interface Text {
  atoms: readonly Atom[];
  words: TimeWords;
}

export interface Read<T> {
  value: T;
  /** Index behind the last atom. */
  end: number;
}

/** A time of day as it was said. */
export interface Clock {
  /** Since midnight. */
  minutes: number;
  /** It can mean no other half of the day. */
  exact: boolean;
  /** Something says that it is a time: "at", "o'clock", a colon. Else it is a bare number. */
  marked: boolean;
  /** `14.30` might be a date. */
  dotted?: true;
  /** `08:30`, in languages that count to 24 the literal hour. */
  written?: true;
}

export const role = (text: Text, at: number, wanted: Role): number | undefined => text.atoms[at]?.roles[wanted];
export const has = (text: Text, at: number, ...wanted: Role[]): boolean =>
  wanted.some((each) => role(text, at, each) !== undefined);

/** A number of at most `max`, in words or in one or two digits; not an ordinal. */
export function numberAt(text: Text, at: number, max: number): number | undefined {
  const atom = text.atoms[at];
  const value = atom?.roles.number;
  if (value === undefined || value > max || atom?.ordinal === 'sure' || (atom?.length ?? 1) > 2) return undefined;
  return value;
}

const HOUR = 60;
const open = (minutes: number): Core => ({ minutes, exact: minutes >= 13 * HOUR, marked: true });

type Core = Omit<Clock, 'dotted' | 'written'> & Pick<Clock, 'dotted' | 'written'>;

/** A time of day that begins here, with the words before and behind that only say that it is one. */
export function readClock(text: Text, from: number): Read<Clock> | undefined {
  let at = from;
  while (has(text, at, 'at', 'about') || (text.words.clock24 && has(text, at, 'oclock'))) at++;
  const marked = at > from;
  const core = readCore(text, at, marked);
  if (!core) return undefined;
  const { value } = core;
  at = core.end;
  let named = false;
  while (has(text, at, 'oclock') || (has(text, at, 'about') && !has(text, at, 'at'))) {
    named = true;
    at++;
  }
  if (!value.marked && countsSomething(text, at)) return undefined;
  // "15 Uhr 30"
  const more = named && value.minutes % HOUR === 0 ? numberAt(text, at, 59) : undefined;
  if (more !== undefined && more % 5 === 0 && more >= 10 && !has(text, at + 1, 'month', 'to', 'unit', 'oclock')) {
    return { value: { ...value, minutes: value.minutes + more, marked: true }, end: at + 1 };
  }
  return { value: { ...value, marked: value.marked || marked || named }, end: at };
}

/** A bare number in front of this counts something, or is a day of a month. */
function countsSomething(text: Text, at: number): boolean {
  return has(text, at, 'thing', 'unit', 'month', 'ordinal_behind', 'in_behind') && !has(text, at, 'after_behind');
}

function readCore(text: Text, at: number, marked: boolean): Read<Core> | undefined {
  return (
    readLiteral(text, at) ??
    readMinutes(text, at) ??
    readHalf(text, at) ??
    readAdded(text, at) ??
    readHourAnd(text, at) ??
    readHour(text, at, marked)
  );
}

/** `10:30`, `3 pm`, `14.30`, noon. */
function readLiteral(text: Text, at: number): Read<Core> | undefined {
  const literal = text.atoms[at]?.literal;
  if (literal && literal.minutes < 24 * HOUR) {
    const { minutes, exact, dotted } = literal;
    return { value: { minutes, exact, marked: true, written: true, ...(dotted && { dotted }) }, end: at + 1 };
  }
  if (has(text, at, 'noon')) return { value: { minutes: 12 * HOUR, exact: true, marked: true }, end: at + 1 };
  return undefined;
}

/** "ten past three", "kvart i fyra", "fünf vor halb vier". */
function readMinutes(text: Text, at: number): Read<Core> | undefined {
  const quarter = has(text, at, 'quarter');
  const minutes = quarter ? 15 : numberAt(text, at, 29);
  if (minutes === undefined) return undefined;
  let next = at + 1;
  if (!quarter && role(text, next, 'unit') === 1) next++;
  const past = has(text, next, 'past');
  const minus = has(text, next, 'minus');
  if (!past && !minus) return undefined;
  // "10 to 12" is from ten to twelve; "y" and "to" need what cannot be an hour
  const alsoLinks = has(text, next, 'to', 'and');
  const units = next > at + 1;
  if (alsoLinks && !quarter && !units && ![5, 20, 25].includes(minutes)) return undefined;
  if (has(text, next, 'and')) return undefined; // Spanish says the hour first
  const base = readHalf(text, next + 1) ?? readPlainHour(text, next + 1);
  if (!base) return undefined;
  const total = base.value.minutes + (past && !minus ? minutes : -minutes);
  return { value: open((total + 12 * HOUR) % (12 * HOUR) || 12 * HOUR), end: base.end };
}

/** "halb vier", "half past three", "viertel vier", "dreiviertel vier". */
function readHalf(text: Text, at: number): Read<Core> | undefined {
  const offset = has(text, at, 'half_before')
    ? -30
    : has(text, at, 'half_past')
      ? 30
      : has(text, at, 'three_quarters')
        ? -15
        : has(text, at, 'quarter') && text.words.clock24
          ? -45
          : undefined;
  const hour = offset === undefined ? undefined : readPlainHour(text, at + 1);
  if (offset === undefined || !hour) return undefined;
  return { value: { ...open(hour.value.minutes + offset) }, end: hour.end };
}

/** "sadhe paanch", "paune chaar"; "dedh baje". */
function readAdded(text: Text, at: number): Read<Core> | undefined {
  const fixed = role(text, at, 'fixed');
  if (fixed !== undefined) return has(text, at + 1, 'oclock') ? { value: open(fixed), end: at + 1 } : undefined;
  const add = role(text, at, 'add');
  const hour = add === undefined ? undefined : readPlainHour(text, at + 1);
  return add === undefined || !hour ? undefined : { value: open(hour.value.minutes + add), end: hour.end };
}

/** "las tres y media", "cuatro menos cuarto", "las 5 y 20". */
function readHourAnd(text: Text, at: number): Read<Core> | undefined {
  const hour = readPlainHour(text, at);
  if (!hour) return undefined;
  const plus = has(text, hour.end, 'past') && has(text, hour.end, 'and');
  const minus = has(text, hour.end, 'minus') && !has(text, hour.end, 'to');
  if (!plus && !minus) return undefined;
  const end = hour.end + 1;
  const said = has(text, end, 'half_after') ? 30 : has(text, end, 'quarter') ? 15 : numberAt(text, end, 25);
  const minutes = said !== undefined && (said % 10 === 0 || said === 15 || said === 25) ? said : undefined;
  if (minutes === undefined || has(text, end + 1, 'oclock', 'unit', 'month')) return undefined;
  return { value: open(hour.value.minutes + (plus ? minutes : -minutes)), end: end + 1 };
}

/** "11"; `1430` where something says that it is a time. */
function readHour(text: Text, at: number, marked: boolean): Read<Core> | undefined {
  const plain = readPlainHour(text, at);
  if (plain) return withMinutes(text, plain, marked);
  const atom = text.atoms[at];
  const value = atom?.roles.number;
  if (value === undefined || atom?.length !== 4) return undefined;
  const minutes = Math.floor(value / 100) * HOUR + (value % 100);
  if (value % 100 >= 60 || minutes >= 24 * HOUR) return undefined;
  const said = marked || has(text, at + 1, 'oclock');
  // unmarked, it may be a year
  return said || value < 1900 ? { value: { minutes, exact: true, marked: said }, end: at + 1 } : undefined;
}

/** "ten thirty", "klockan fjorton trettio", "kl 10 30". */
function withMinutes(text: Text, hour: Read<Core>, marked: boolean): Read<Core> {
  const inDigits = text.atoms[hour.end]?.length !== undefined;
  const minutes = numberAt(text, hour.end, 55);
  const said =
    minutes !== undefined && minutes >= 10 && minutes % 5 === 0 && text.atoms[hour.end]?.ordinal === undefined;
  if (!said || countsSomething(text, hour.end + 1) || (inDigits && !marked)) return hour;
  return { value: { ...hour.value, minutes: hour.value.minutes + minutes, marked: true }, end: hour.end + 1 };
}

function readPlainHour(text: Text, at: number): Read<Core> | undefined {
  const hour = numberAt(text, at, 23);
  if (hour === undefined) return undefined;
  return { value: { minutes: hour * HOUR, exact: hour > 12 || hour === 0, marked: false }, end: at + 1 };
}
