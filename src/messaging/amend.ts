import type { PlanMoves } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import { type Amendment, amendLead, type LeadSummary } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { validationError } from '../lib/errors.ts';
import type { LeadId } from '../lib/ids.ts';
import { actorOf, demand, type Hand, type Playbooks, type StaffBook, type Tenants } from '../tenants/index.ts';
import type { LeadWork } from './lead-work.ts';

/**
 * Changes what is known of a lead and its person, or whose it is; what is still planned follows. Throws a validation error at
 * the field, `forbidden`, `not_found`. `seen` looks at the lead as it is now,
 * locked, and returns it as it is then; it may throw.
 */
export type Amend = (
  hand: Hand,
  id: LeadId,
  changes: Amendment,
  seen?: (tx: Tx, lead: LeadSummary) => Promise<LeadSummary>,
) => Promise<void>;

export function createAmend(deps: {
  work: LeadWork;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  staff: StaffBook;
  plans: Pick<PlanMoves, 'again' | 'refit'>;
}): Amend {
  const { work, clock, tenants, playbooks, staff, plans } = deps;
  return async (hand, id, changes, seen) => {
    demand(hand, 'lead.change');
    if (changes.ownerId !== undefined) demand(hand, 'lead.see_all');
    if (changes.ownerId) {
      const owner = await staff.byId(hand.tenantId, changes.ownerId);
      if (!owner?.role) throw validationError([{ field: 'ownerId', message: 'Nobody with this id works here.' }]);
    }
    const [tenant, settings, keys] = await Promise.all([
      tenants.byId(hand.tenantId),
      tenants.settings(hand.tenantId),
      tenants.keys(hand.tenantId),
    ]);
    await work.onLead(hand, id, async (tx, found) => {
      const lead = seen ? await seen(tx, found) : found;
      const around = { playbooks, tenant, settings, keys };
      const amended = { lead, changes, actor: actorOf(hand), now: clock.now() };
      const { replans, refits } = await amendLead(tx, around, amended);
      if (refits) await plans.refit(tx, found);
      else if (replans) await plans.again(tx, found.personId);
      await work.note(tx, hand, found, []);
    });
  };
}
