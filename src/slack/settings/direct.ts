import type { Outcome, SettingChanges, Settings } from '../../tenants/index.ts';
import type { Asked } from '../feature.ts';

interface DirectDeps {
  changes: SettingChanges;
}

/** A change that was typed, or entered in a form that shows all of it. Gives the settings as they are or would be. */
export function changeNow(
  deps: DirectDeps,
  asked: Asked,
  patch: Partial<Settings> | ((current: Settings) => Partial<Settings>),
  base?: number,
): Promise<Outcome> {
  const wanted = typeof patch === 'function' ? patch : () => patch;
  return deps.changes.make(asked.staff, { patch: wanted, ...(base !== undefined && { base }) });
}

/** What is said behind a change: nothing when it counts. */
export function waitingNote(outcome: Outcome): string {
  if (outcome.kind !== 'waits') return '';
  const groups = outcome.demands.map(({ label }) => label.toLowerCase()).join(', ');
  return ` *Not yet*: changes of ${groups} wait for a second person. The other managers and admins have been asked.`;
}
