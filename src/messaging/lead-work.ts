import type { Database, Tx } from '../db/index.ts';
import { append, type NewEvent, request } from '../events/index.ts';
import { findLead, type LeadSummary } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { LeadId, MessageId, PersonId } from '../lib/ids.ts';
import { lockPerson } from '../people/index.ts';
import { actorOf, type Hand, maySeeLead } from '../tenants/index.ts';

/** How staff work on a lead: the ownership is checked, the person locked, and what was done appended, in one transaction. */
export interface LeadWork {
  /** Throws `forbidden` for a colleague's lead, `not_found` when there is none. */
  onLead<T>(staff: Hand, id: LeadId, work: (tx: Tx, lead: LeadSummary) => Promise<T>): Promise<T>;
  /** The same whosever it is: the work decides who may. */
  onAnyLead<T>(staff: Hand, id: LeadId, work: (tx: Tx, lead: LeadSummary) => Promise<T>): Promise<T>;
  /** The same for the lead that a message belongs to. */
  onMessage<T>(staff: Hand, id: MessageId, work: (tx: Tx, lead: LeadSummary) => Promise<T>): Promise<T>;
  /** Appends what the person did and has the card refreshed. */
  note(tx: Tx, staff: Hand, lead: LeadSummary, events: readonly NewEvent[]): Promise<void>;
}

export function createLeadWork(deps: { db: Database; clock: Clock }): LeadWork {
  const { db, clock } = deps;

  async function onAnyLead<T>(staff: Hand, id: LeadId, work: (tx: Tx, lead: LeadSummary) => Promise<T>): Promise<T> {
    return db.inTenant(staff.tenantId, async (tx) => {
      const [owner] = await tx.query<{ personId: PersonId }>(
        { name: 'leads-person', text: 'select person_id as "personId" from leads where id = $1' },
        [id],
      );
      // read once the person is locked: a stop that commits at this moment is seen
      if (owner) await lockPerson(tx, owner.personId);
      const lead = await findLead(tx, id);
      if (!lead) throw new KnownError('not_found', 'no such lead', 'That lead does not exist (any more).');
      return work(tx, lead);
    });
  }

  const onLead: LeadWork['onLead'] = (staff, id, work) =>
    onAnyLead(staff, id, (tx, lead) => {
      if (!maySeeLead(staff, lead)) throw notTheirs(lead);
      return work(tx, lead);
    });

  return {
    onLead,
    onAnyLead,
    async onMessage(staff, id, work) {
      const leadId = await db.inTenant(staff.tenantId, async (tx) => {
        const [row] = await tx.query<{ leadId: LeadId | null }>(
          'select lead_id as "leadId" from messages where id = $1',
          [id],
        );
        return row?.leadId;
      });
      if (!leadId) throw new KnownError('not_found', 'no such message', 'That message does not exist (any more).');
      return onLead(staff, leadId, work);
    },
    async note(tx, staff, lead, events) {
      const ids = { leadId: lead.id, personId: lead.personId };
      await append(
        tx,
        tx.tenantId,
        clock.now(),
        actorOf(staff),
        events.map((event) => ({ ...event, ...ids })),
      );
      await request(tx, tx.tenantId, [{ kind: 'card.refresh', key: lead.id }]);
    },
  };
}

function notTheirs({ ownerId }: LeadSummary): KnownError {
  const message =
    ownerId === null
      ? 'Nobody looks after this lead yet. Press “I take it” first, on its card or in App Home.'
      : 'This lead belongs to a colleague. Managers can see all leads.';
  return new KnownError('forbidden', 'not their lead', message);
}
