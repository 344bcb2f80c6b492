import type { Tx } from '../db/index.ts';
import { wake } from '../events/index.ts';
import type { LeadSummary } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { derivedId, isId, type LeadId, type MessageId, type TenantId } from '../lib/ids.ts';
import {
  insertReply,
  type LeadWork,
  MAX_REPLY,
  type ReplyRoute,
  readBody,
  routeReply,
  UNDO_SECONDS,
} from '../messaging/index.ts';
import { demand, type RoutingBook, type Staff, type Tenants } from '../tenants/index.ts';
import { carryOut } from './commit.ts';
import type { AgentDefinitions } from './definition/types.ts';
import { type DraftRow, decideDraft, findDraft } from './draft-store.ts';
import type { AnswerBook, BookingDesk } from './ports-in.ts';
import { answerId } from './read.ts';

/** A draft as its card shows it. */
export interface DraftView extends DraftRow {
  name: string;
  asked: string;
  askedAt: Date;
  channel: string;
  ownerId: string | null;
  /** Who decided; null when nobody did. */
  decider: string | null;
  /** The message it became. */
  messageId: MessageId | null;
}

/** What staff may do with what the agent would have said. Every call checks the role and the ownership. */
export interface Drafts {
  view(tenantId: TenantId, id: string): Promise<DraftView | null>;
  /** How the draft would travel now; throws `opted_out` or `unavailable`. */
  route(staff: Staff, id: string): Promise<ReplyRoute>;
  /** Sends it as this person's answer, after ten seconds in which it can be taken back; `text` is what they made of it. */
  send(
    staff: Staff,
    id: string,
    text?: string,
  ): Promise<{ channel: string; leavesAt: Date; messageId: MessageId | null }>;
  discard(staff: Staff, id: string): Promise<void>;
}

export interface DraftDeps {
  work: LeadWork;
  db: { inTenant<T>(tenantId: TenantId, work: (tx: Tx) => Promise<T>): Promise<T> };
  clock: Clock;
  tenants: Tenants;
  routing: RoutingBook;
  definitions: AgentDefinitions;
  answers: AnswerBook;
  bookings?: BookingDesk | undefined;
}

const WORDS: Record<Exclude<DraftRow['state'], 'open'>, string> = {
  sent: 'This draft was sent already.',
  discarded: 'This draft was discarded already.',
  stale: 'The conversation has moved on, so this draft is out of date.',
};

/** The reply that a draft becomes; the key is the one it is inserted with. */
const replyKey = (id: string) => `draft/${id}`;
const replyId = (tenantId: TenantId, id: string) => derivedId<MessageId>(tenantId, 'reply', replyKey(id));

export function createDrafts(deps: DraftDeps): Drafts {
  const { work, clock, tenants, db } = deps;

  async function leadOf(staff: Staff, id: string): Promise<LeadId> {
    const row = isId(id)
      ? await db.inTenant(staff.tenantId, async (tx) => {
          const [found] = await tx.query<{ leadId: LeadId }>('select lead_id as "leadId" from drafts where id = $1', [
            id,
          ]);
          return found;
        })
      : undefined;
    if (!row) throw new KnownError('not_found', 'no such draft', 'That draft does not exist (any more).');
    return row.leadId;
  }

  /** Locks the person, then the draft; refused when it is decided or when something has happened since. */
  async function onOpen<T>(
    staff: Staff,
    id: string,
    act: (tx: Tx, draft: DraftRow, lead: LeadSummary) => Promise<T>,
  ): Promise<T> {
    demand(staff, 'customer.reply');
    const leadId = await leadOf(staff, id);
    const { data } = await tenants.keys(staff.tenantId);
    const result = await work.onLead(staff, leadId, async (tx, lead) => {
      const draft = await findDraft(tx, data, id, true);
      if (!draft) throw new KnownError('not_found', 'no such draft', 'That draft does not exist (any more).');
      if (draft.state !== 'open') throw new KnownError('conflict', `draft ${draft.state}`, WORDS[draft.state]);
      if (await overtaken(tx, draft)) {
        await decideDraft(tx, id, 'stale', null, clock.now());
        return { stale: true as const };
      }
      return { stale: false as const, value: await act(tx, draft, lead) };
    });
    if (result.stale) throw new KnownError('conflict', 'draft stale', WORDS.stale);
    return result.value;
  }

  return {
    async view(tenantId, id) {
      const { data } = await tenants.keys(tenantId);
      return db.inTenant(tenantId, async (tx) => {
        const draft = await findDraft(tx, data, id);
        if (!draft) return null;
        const became = draft.decidedBy ? replyId(tenantId, id) : answerId(tenantId, draft.inboundId);
        const [about] = await tx.query<
          Pick<DraftView, 'name' | 'askedAt' | 'channel' | 'ownerId' | 'decider' | 'messageId'>
        >(
          `select p.name, m.created_at as "askedAt", m.channel, l.owner_id as "ownerId",
             (select s.name from staff s where s.id = $3) as decider,
             (select x.id from messages x where x.id = $4) as "messageId"
           from messages m join persons p on p.id = m.person_id left join leads l on l.id = $2 where m.id = $1`,
          [draft.inboundId, draft.leadId, draft.decidedBy, became],
        );
        if (!about) return null;
        return { ...draft, ...about, asked: (await readBody(tx, data, draft.inboundId as MessageId)) ?? '' };
      });
    },
    async route(staff, id) {
      demand(staff, 'customer.reply');
      return work.onLead(staff, await leadOf(staff, id), async (tx, lead) => (await routeReply(deps, tx, lead)).route);
    },
    send: (staff, id, edited) =>
      onOpen(staff, id, async (tx, draft, lead) => {
        const words = (edited ?? draft.text).trim();
        if (words === '' || words.length > MAX_REPLY) {
          throw new KnownError('validation_error', 'reply length', `Write between 1 and ${MAX_REPLY} characters.`);
        }
        const { route, accountId, addressId } = await routeReply(deps, tx, lead);
        const now = clock.now();
        const { slot, cancels } = draft.detail;
        const whom = {
          personId: lead.personId,
          leadId: lead.id,
          kind: deps.definitions.of(lead.playbook)?.books ?? 'visit',
        };
        const booked = slot
          ? await carryOut(deps, tx, whom, { startsAt: new Date(slot.startsAt), staffId: slot.staffId as Staff['id'] })
          : cancels && (await carryOut(deps, tx, whom, undefined));
        const leavesAt = new Date(now.getTime() + (booked && !edited ? 0 : UNDO_SECONDS * 1000));
        let messageId: MessageId | null = null;
        // an appointment is confirmed by the product itself; words of the agent about it would say it twice
        if (booked && edited === undefined) await deps.answers.settled(tx, lead.personId);
        else {
          ({ id: messageId } = await insertReply(deps, tx, staff, lead, {
            words,
            key: replyKey(id),
            channel: route.channel,
            accountId,
            addressId,
            leavesAt,
            now,
          }));
          await deps.answers.answered(tx, { personId: lead.personId, leadId: lead.id, messageId, staffId: null }, now);
        }
        await tx.query(
          'update conversations set agent_turns = 0, introduced_at = coalesce(introduced_at, $2) where person_id = $1',
          [lead.personId, now],
        );
        await decideDraft(tx, id, 'sent', staff.id, now);
        const decision = edited === undefined || edited.trim() === draft.text.trim() ? 'sent' : 'edited';
        await work.note(tx, staff, lead, [{ type: 'draft.decided', data: { draftId: id, decision } }]);
        await wake(tx, 'messages');
        return { channel: route.channel, leavesAt, messageId };
      }),
    discard: (staff, id) =>
      onOpen(staff, id, async (tx, _draft, lead) => {
        await decideDraft(tx, id, 'discarded', staff.id, clock.now());
        await work.note(tx, staff, lead, [{ type: 'draft.decided', data: { draftId: id, decision: 'discarded' } }]);
      }),
  };
}

/** Something newer than the draft: the customer wrote again, or a person answered. */
async function overtaken(tx: Tx, draft: DraftRow): Promise<boolean> {
  const [row] = await tx.query<{ over: boolean }>(
    `select c.last_inbound_id <> $2 or exists (select from messages m where m.person_id = c.person_id
       and m.purpose in ('reply', 'agent') and m.created_at > $3 and m.state not in ('cancelled', 'skipped', 'failed')) as over
     from conversations c where c.person_id = $1`,
    [draft.personId, draft.inboundId, draft.createdAt],
  );
  return row?.over ?? true;
}
