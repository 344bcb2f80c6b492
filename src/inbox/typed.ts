import type { Database } from '../db/index.ts';
import { append, type NewEvent, request } from '../events/index.ts';
import { currentLead } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import {
  type AccountId,
  derivedId,
  type LeadId,
  type MessageId,
  type PersonId,
  type StaffId,
  type TenantId,
} from '../lib/ids.ts';
import { seal } from '../lib/secrets.ts';
import { bodyPlace, overtakeAgent } from '../messaging/index.ts';
import { lockByAddress, lockPerson } from '../people/index.ts';
import type { Tenants } from '../tenants/index.ts';
import { answered } from './conversation.ts';

/** What somebody of the business wrote to a customer outside LeadRescue, on the sender's own phone. */
export interface TypedMessage {
  accountId: AccountId;
  /** The account's name at the gateway, and the message's id there. */
  gatewayAccount: string;
  gatewayId: string;
  /** The customer, E.164; or the id behind which WhatsApp hides their number. */
  to: string;
  body: string;
}

const INSERT = {
  name: 'messages-insert-typed',
  text: `with m as (
      insert into messages (id, tenant_id, person_id, lead_id, direction, purpose, channel, account_id, address_id, due_at,
        state, body, attempt, created_at, sent_at)
      values ($1, $2, $3, $4, 'out', 'reply', 'whatsapp', $5, $6, $8, 'sent', $7, 1, $8, $8)
      on conflict (id) do nothing returning id)
    insert into sends (message_id, attempt, tenant_id, account_id, address_id, channel, state, gateway_id, worker, check_at)
    select id, 1, $2, $5, $6, 'whatsapp', 'accepted', $9, 0, clock_timestamp() from m
    returning message_id as id`,
};

/**
 * Writes such a message down: it stands in the conversation, settles what was owed and takes the conversation over, for the
 * lead's owner or else for `staffId`. Nothing is kept of chats with people whom the business does not know here. The same
 * message again changes nothing.
 */
export function createTyped(deps: { db: Database; clock: Clock; tenants: Tenants }) {
  const { db, clock, tenants } = deps;
  return async (tenantId: TenantId, message: TypedMessage, staffId: StaffId): Promise<void> => {
    const { accountId, gatewayAccount, gatewayId, to, body } = message;
    const { data } = await tenants.keys(tenantId);
    await db.inTenant(tenantId, async (tx) => {
      const person = await lockByAddress(tx, [{ kind: 'phone', value: to }]);
      const address = person?.addresses.find((each) => each.kind === 'phone' && each.value === to);
      if (!person || !address) return;
      const lead = await currentLead(tx, person.id);
      const now = clock.now();
      const id = derivedId<MessageId>(tenantId, gatewayAccount, gatewayId);
      const sealed = seal(data, bodyPlace({ tenantId, id }), body);
      const stored = await tx.query(INSERT, [
        id,
        tenantId,
        person.id,
        lead?.id ?? null,
        accountId,
        address.id,
        sealed,
        now,
        gatewayId,
      ]);
      if (stored.length === 0) return;
      const answer = {
        personId: person.id,
        leadId: lead?.id ?? null,
        messageId: id,
        staffId: lead?.ownerId ?? staffId,
      };
      const { taken } = await answered(tx, answer, now);
      await overtakeAgent(tx, person.id, 'taken_over', now);
      const about = { personId: person.id, leadId: lead?.id ?? null, messageId: id };
      const events: NewEvent[] = [
        { type: 'message.sent', ...about, data: { channel: 'whatsapp', attempt: 1, purpose: 'reply' } },
      ];
      if (taken) events.push({ type: 'conversation.taken', ...about, data: { by: 'phone' } });
      await append(tx, tenantId, now, 'gateway', events);
      if (lead) await request(tx, tenantId, [{ kind: 'card.refresh', key: lead.id }]);
    });
  };
}

/**
 * A customer took back what they had written. The business keeps what it was told; nobody answers it by itself any more, and
 * staff see that it was taken back. Unknown messages, and the same news again, change nothing.
 */
export function createWithdrawn(deps: { db: Database; clock: Clock }) {
  const { db, clock } = deps;
  return async (tenantId: TenantId, gatewayAccount: string, gatewayId: string): Promise<void> => {
    await db.inTenant(tenantId, async (tx) => {
      const id = derivedId<MessageId>(tenantId, gatewayAccount, gatewayId);
      const [message] = await tx.query<{ personId: PersonId; leadId: LeadId | null }>(
        `select person_id as "personId", lead_id as "leadId" from messages where id = $1 and direction = 'in'`,
        [id],
      );
      if (!message) return;
      const { personId, leadId } = message;
      // a turn that is being committed has read it already, or sees under this lock that it is gone
      await lockPerson(tx, personId);
      const marked = await tx.query(
        `update messages set reason = 'withdrawn' where id = $1 and reason is null returning id`,
        [id],
      );
      if (marked.length === 0) return;
      const now = clock.now();
      await overtakeAgent(tx, personId, 'newer_message', now);
      const about = { personId, leadId, messageId: id };
      await append(tx, tenantId, now, 'customer', [
        { type: 'message.withdrawn', ...about, data: { channel: 'whatsapp' } },
      ]);
      if (leadId) await request(tx, tenantId, [{ kind: 'card.refresh', key: leadId }]);
    });
  };
}
