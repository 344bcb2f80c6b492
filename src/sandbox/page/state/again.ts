import { useAll } from './hooks.ts';

const ARRIVED: ReadonlySet<string> = new Set(['delivered', 'read']);

/**
 * Whether the sandbox was started again on its database: follow-ups know of messages that no phone holds. The stand-ins
 * keep nothing over a start.
 */
export function useStartedAgain(): boolean {
  const texts = useAll('text');
  const leads = useAll('lead');
  if (texts.length > 0) return false;
  return leads.some(({ value }) => value.steps.some(({ state }) => ARRIVED.has(state)));
}
