import type { Settings } from '../settings.ts';
import type { Change } from './diff.ts';
import { type Group, groupsOfUnit } from './groups.ts';

/**
 * The groups for whose sake a change waits for a second person, by the settings as they stand. To demand less than now is
 * itself a change that waits, else one person could take the demand back and go on alone. Pure.
 */
export function demanding(settings: Settings, changes: readonly Change[]): Group[] {
  const touched = [...new Set(changes.flatMap(({ path }) => groupsOfUnit(path)))];
  return touched.filter(
    ({ key }) => settings.approval.includes(key) || (key === 'approval' && demandsLess(settings, changes)),
  );
}

function demandsLess({ approval }: Settings, changes: readonly Change[]): boolean {
  const change = changes.find(({ path }) => path === 'approval');
  const after = Array.isArray(change?.after) ? change.after : [];
  return approval.some((key) => !after.includes(key));
}
