import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../settings.ts';
import { type UnitPath, unitsOf, withUnits } from './units.ts';

/** One unit before and after; a value that is left out means that there is none. */
export interface Change {
  readonly path: UnitPath;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A change that no longer fits: its unit has become something that neither side had in mind. */
export interface Clash {
  readonly change: Change;
  readonly now?: unknown;
}

/** What leads from one to the other, unit by unit. Pure. */
export function diff(before: Settings, after: Settings): Change[] {
  const [from, to] = [unitsOf(before), unitsOf(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .map((path) => changeOf(path, from.get(path), to.get(path)))
    .filter((change) => !isDeepStrictEqual(change.before, change.after));
}

/** The way back. Pure. */
export const inverted = (changes: readonly Change[]): Change[] =>
  changes.map(({ path, before, after }) => changeOf(path, after, before));

/**
 * The changes on settings that may have moved on since. What others have changed elsewhere stays; a unit that already is
 * what was wanted needs nothing more; one that is neither what it was nor what was wanted clashes. Pure.
 */
export function rebased(settings: Settings, changes: readonly Change[]): { changes: Change[]; clashes: Clash[] } {
  const units = unitsOf(settings);
  const open = changes.filter(({ path, after }) => !isDeepStrictEqual(units.get(path), after));
  const clashes = open
    .filter(({ path, before }) => !isDeepStrictEqual(units.get(path), before))
    .map((change): Clash => ({ change, now: units.get(change.path) }));
  return { changes: open, clashes };
}

/** The settings with the changes made; still to be parsed. Pure. */
export const applied = (settings: Settings, changes: readonly Change[]): Record<string, unknown> =>
  withUnits(settings, new Map(changes.map(({ path, after }) => [path, after])));

function changeOf(path: UnitPath, before: unknown, after: unknown): Change {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
