import { type Clock, has, type Read, readClock, type Text } from './clock.ts';

/** A stretch of a day: after three, before noon, from ten to twelve. */
export interface Span {
  from?: Clock;
  to?: Clock;
}

/** A stretch of a day that begins here. */
export function readSpan(text: Text, at: number): Read<Span> | undefined {
  return readBetween(text, at) ?? readBehind(text, at) ?? readBefore(text, at);
}

/** "between 2 and 4", "from ten to twelve", "10-12", "10 se 12 baje". */
function readBetween(text: Text, from: number): Read<Span> | undefined {
  const between = has(text, from, 'between');
  const starts = between || has(text, from, 'from');
  const first = readClock(text, starts ? from + 1 : from);
  if (!first) return undefined;
  const linked = has(text, first.end, 'to') || (between && has(text, first.end, 'and'));
  const second = linked ? readClock(text, first.end + 1) : undefined;
  // "Saturday to Monday, 5 to 6 people"
  if (!second || (isMark(text, first.end) && !first.value.marked && text.atoms[first.end - 1]?.ordinal))
    return undefined;
  const end = has(text, second.end, 'between') ? second.end + 1 : second.end;
  return { value: { from: first.value, to: second.value }, end };
}

const isMark = (text: Text, at: number) => text.atoms[at]?.roles.to === 2;

/** "3 baje ke baad", "3 or later". */
function readBehind(text: Text, at: number): Read<Span> | undefined {
  const clock = readClock(text, at);
  if (!clock) return undefined;
  if (has(text, clock.end, 'after_behind')) return { value: { from: clock.value }, end: clock.end + 1 };
  if (has(text, clock.end, 'before_behind')) return { value: { to: clock.value }, end: clock.end + 1 };
  return undefined;
}

/** "after three", "ab 15 Uhr", "antes de las cinco". */
function readBefore(text: Text, at: number): Read<Span> | undefined {
  const after = has(text, at, 'after', 'from');
  const before = has(text, at, 'before', 'until');
  if (!after && !before) return undefined;
  const clock = readClock(text, at + 1);
  if (!clock) return undefined;
  return { value: after ? { from: clock.value } : { to: clock.value }, end: clock.end };
}
