import type { Database, Tx } from '../db/index.ts';
import { type Actor, ComeBackLater, type EffectHandler, request } from '../events/index.ts';
import { giveLead, type LeadSummary } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError, validationError } from '../lib/errors.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';
import { actorOf, demand, openStages, type Playbooks, type Staff, type StaffBook } from '../tenants/index.ts';
import type { LeadWork } from './lead-work.ts';

/** Whose leads are: managers give them, and anybody of the staff takes one that nobody looks after. */
export interface Whose {
  /** Gives a lead to a colleague; false when it was theirs already. Throws at `to` when they have no role here. */
  give(staff: Staff, id: LeadId, to: StaffId): Promise<boolean>;
  /** This person looks after the lead from now on; false when they did already. Throws `conflict` when somebody else does. */
  take(staff: Staff, id: LeadId): Promise<boolean>;
  /** How many open leads everybody looks after who has any. */
  counts(tx: Tx): Promise<Map<StaffId, number>>;
  /** Gives all open leads of somebody to a colleague, in the background. Throws at `to` when they have no role here. */
  giveAll(staff: Staff, from: StaffId, to: StaffId): Promise<void>;
  /** `leads.give` as an effect. */
  handle: EffectHandler;
}

/** In one transaction: whoever answers one of these customers waits for it at most. */
const BATCH = 50;
/** When what is left is just being worked on by others. */
const AGAIN_SECONDS = 1;

const OPEN =
  'join unnest($2::text[], $3::text[]) as o(playbook, stage) on o.playbook = l.playbook and o.stage = l.stage';

const NEXT = {
  name: 'whose-next',
  // leads_owner; whoever is being answered or stopped is left to the next round
  text: `select l.id, l.person_id as "personId", l.owner_id as "ownerId" from leads l ${OPEN}
      join persons p on p.id = l.person_id
    where l.tenant_id = $1 and l.owner_id = $4
    order by p.created_at, p.id, l.id limit ${BATCH} for update of p skip locked`,
};

const COUNTS = {
  name: 'whose-counts',
  // leads_owner
  text: `select l.owner_id as "staffId", count(*)::int as n from leads l ${OPEN}
    where l.tenant_id = $1 and l.owner_id is not null group by l.owner_id`,
};

export function createWhose(deps: {
  db: Database;
  clock: Clock;
  work: LeadWork;
  staff: StaffBook;
  playbooks: Playbooks;
}): Whose {
  const { db, clock, work, staff: book, playbooks } = deps;
  const stages = openStages(playbooks.all);
  const open = [stages.map(({ playbook }) => playbook), stages.map(({ stage }) => stage)];

  async function receiver(staff: Staff, to: StaffId): Promise<void> {
    demand(staff, 'lead.see_all');
    const person = await book.byId(staff.tenantId, to);
    if (!person?.role)
      throw validationError([{ field: 'to', message: 'They have no role here. Choose somebody else.' }]);
  }

  return {
    async give(staff, id, to) {
      await receiver(staff, to);
      return work.onLead(staff, id, async (tx, lead) => {
        if (lead.ownerId === to) return false;
        await giveLead(tx, lead, { to, actor: actorOf(staff), now: clock.now() });
        return true;
      });
    },
    take(staff, id) {
      demand(staff, 'lead.see_own');
      return work.onAnyLead(staff, id, async (tx, lead) => {
        if (lead.ownerId === staff.id) return false;
        await refuseOwned(tx, lead);
        await giveLead(tx, lead, { to: staff.id, actor: actorOf(staff), now: clock.now() });
        return true;
      });
    },
    async counts(tx) {
      const rows = await tx.query<{ staffId: StaffId; n: number }>(COUNTS, [tx.tenantId, ...open]);
      return new Map(rows.map(({ staffId, n }) => [staffId, n]));
    },
    async giveAll(staff, from, to) {
      await receiver(staff, to);
      if (from === to)
        throw validationError([{ field: 'to', message: 'These leads are theirs. Choose somebody else.' }]);
      await db.inTenant(staff.tenantId, (tx) =>
        request(tx, tx.tenantId, [{ kind: 'leads.give', key: from, data: { to, by: actorOf(staff) } }]),
      );
    },
    async handle({ tenantId, key, data }) {
      const [from, to, actor] = [key as StaffId, data.to as StaffId, data.by as Actor];
      if (!(await book.byId(tenantId, to))?.role) return; // whoever was to have them has left meanwhile
      const batch = () =>
        db.inTenant(tenantId, async (tx) => {
          const leads = await tx.query<{ id: LeadId; personId: PersonId; ownerId: StaffId }>(NEXT, [
            tenantId,
            ...open,
            from,
          ]);
          for (const lead of leads) await giveLead(tx, lead, { to, actor, now: clock.now(), quiet: true });
          return leads.length;
        });
      while ((await batch()) > 0);
      const left = await db.inTenant(tenantId, (tx) => tx.query<{ staffId: StaffId }>(COUNTS, [tenantId, ...open]));
      if (left.some(({ staffId }) => staffId === from)) throw new ComeBackLater(AGAIN_SECONDS);
    },
  };
}

/** A lead of somebody who has no role any more is nobody's. */
async function refuseOwned(tx: Tx, { ownerId }: LeadSummary): Promise<void> {
  const [owner] = await tx.query<{ name: string }>('select name from staff where id = $1 and role is not null', [
    ownerId,
  ]);
  if (owner) {
    throw new KnownError('conflict', 'somebody was faster', `${owner.name} looks after this lead already.`);
  }
}
