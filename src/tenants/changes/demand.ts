import { type SenderMove, senderMoves } from '../senders.ts';
import type { Sender, Settings } from '../settings.ts';
import type { Change } from './diff.ts';
import { type Group, groupsOfUnit } from './groups.ts';
import { partsOf } from './units.ts';

/**
 * The groups for whose sake a change waits for a second person, by the settings as they stand. To demand less than now is
 * itself a change that waits, else one person could take the demand back and go on alone. To put a sender away never waits:
 * whoever sees that one misbehaves must be able to stop it at once, and whatever it would have sent waits or goes by another
 * that was agreed to. Pure.
 */
export function demanding(settings: Settings, changes: readonly Change[]): Group[] {
  const touched = [...new Set(changes.filter(mayWait).flatMap(({ path }) => groupsOfUnit(path)))];
  return touched.filter(
    ({ key }) => settings.approval.includes(key) || (key === 'approval' && demandsLess(settings, changes)),
  );
}

function demandsLess({ approval }: Settings, changes: readonly Change[]): boolean {
  const change = changes.find(({ path }) => path === 'approval');
  const after = Array.isArray(change?.after) ? change.after : [];
  return approval.some((key) => !after.includes(key));
}

/** Whether a change is more than a sender that is put away. */
const mayWait = (change: Change): boolean =>
  partsOf(change.path).key !== 'senders' || movesIn(change).some(({ what }) => what !== 'removed');

const movesIn = ({ before = [], after = [] }: Change): SenderMove[] =>
  senderMoves(before as Sender[], after as Sender[]);

/** The senders that changes put to use. Pure. */
export const connecting = (changes: readonly Change[]): Sender[] =>
  changes
    .filter(({ path }) => partsOf(path).key === 'senders')
    .flatMap(movesIn)
    .flatMap(({ what, sender }) => (what === 'connected' ? [sender] : []));
