import { type Amendment, amendLead } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { validationError } from '../lib/errors.ts';
import type { LeadId } from '../lib/ids.ts';
import { actorOf, demand, type Hand, type Playbooks, type StaffBook, type Tenants } from '../tenants/index.ts';
import type { LeadWork } from './lead-work.ts';

/** Changes what is known of a lead, or whose it is. Throws a validation error at the field, `forbidden`, `not_found`. */
export type Amend = (hand: Hand, id: LeadId, changes: Amendment) => Promise<void>;

export function createAmend(deps: {
  work: LeadWork;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  staff: StaffBook;
}): Amend {
  const { work, clock, tenants, playbooks, staff } = deps;
  return async (hand, id, changes) => {
    demand(hand, 'lead.change');
    if (changes.ownerId) {
      const owner = await staff.byId(hand.tenantId, changes.ownerId);
      if (!owner?.role) throw validationError([{ field: 'ownerId', message: 'Nobody with this id works here.' }]);
    }
    const [settings, keys] = await Promise.all([tenants.settings(hand.tenantId), tenants.keys(hand.tenantId)]);
    const lead = { playbooks, settings, dataKey: keys.data };
    await work.onLead(hand, id, async (tx, found) => {
      await amendLead(tx, lead, { lead: found, changes, actor: actorOf(hand), now: clock.now() });
      await work.note(tx, hand, found, []);
    });
  };
}
