import { type AlertKindKey, kindOf } from './kinds.ts';

/** The open alert of a kind, as far as grouping goes. */
export interface Open {
  openedAt: Date;
  acknowledged: boolean;
}

const MINUTE = 60_000;
/** Posted at most so often, the first time included. */
export const MOST_RINGS = 3;

/**
 * Whether something new is told by the open alert, whose post only counts on, or by one of its own, which rings: after
 * the window, and once somebody has said that they see to what they were shown. Pure.
 */
export function joins(kind: AlertKindKey, open: Open | undefined, now: Date): boolean {
  if (!open || open.acknowledged) return false;
  return now.getTime() < open.openedAt.getTime() + kindOf(kind).windowMinutes * MINUTE;
}

/** When an alert that nobody acknowledges is posted again: each time after twice as long. Null: no more. Pure. */
export function nextRing(kind: AlertKindKey, { rings, rungAt }: { rings: number; rungAt: Date }): Date | null {
  const { repeatMinutes } = kindOf(kind);
  if (repeatMinutes === null || rings >= MOST_RINGS) return null;
  return new Date(rungAt.getTime() + repeatMinutes * 2 ** (rings - 1) * MINUTE);
}
