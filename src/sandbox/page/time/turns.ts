import type { Lead } from '../../wire.ts';
import { DAY } from '../words/time.ts';

/* Where the clock's buttons lead. Pure. */

/** Days of the follow-up that have a button. */
export const DAYS = [2, 7, 14] as const;

/**
 * When day `day` of a lead is: when its message is due, else so many days after the lead was logged. Undefined when it has
 * passed: the clock only goes forward.
 */
export function dayTarget(lead: Lead, day: number, now: number): number | undefined {
  const step = lead.steps.find(({ label, state }) => label === `Day ${day}` && state === 'scheduled');
  const at = Math.max(step ? Date.parse(step.at) : 0, Date.parse(lead.createdAt) + day * DAY);
  return at > now ? at : undefined;
}
