/*
 * The pace of a person. WhatsApp blocks numbers that write like a machine: many messages at once, at even distances, from
 * the first day on. The figures are a careful choice of ours; WhatsApp publishes none. Pure.
 */

export interface Pace {
  /** Messages a second, over all. */
  rate: number;
  /** Seconds of rest after a message: at least, and at most. */
  gap: readonly [number, number];
  /** Typing: ms for each character, within bounds; under the two seconds that a stop waits for what is under way. */
  typing: { perCharacter: number; least: number; most: number };
  /** Messages a day, from the day of linking on; the last figure stays. */
  days: readonly number[];
}

export const HUMAN: Pace = {
  rate: 0.1,
  gap: [6, 20],
  typing: { perCharacter: 25, least: 700, most: 1500 },
  days: [20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 180, 200],
};

const DAY_MS = 86_400_000;

/** Messages that may leave on a day, warming up from when the phone was linked. */
export function dailyCap(pace: Pace, linkedAt: Date, now: number): number {
  const day = Math.max(0, Math.floor((now - linkedAt.getTime()) / DAY_MS));
  return pace.days[Math.min(day, pace.days.length - 1)] ?? 1;
}

/** Seconds until the next message may leave; `random` is 0 to 1. */
export const gapSeconds = ({ gap: [least, most] }: Pace, random: number): number => least + (most - least) * random;

/** How long somebody types these words, in ms. */
export function typingMs({ typing }: Pace, body: string): number {
  return Math.min(typing.most, Math.max(typing.least, body.length * typing.perCharacter));
}
