import type { Tx } from '../db/index.ts';
import {
  type AccountId,
  type AddressId,
  derivedId,
  type LeadId,
  type MessageId,
  type PersonId,
  type TenantId,
} from '../lib/ids.ts';
import { open } from '../lib/secrets.ts';
import { bodyPlace, type ChannelName } from '../messaging/index.ts';
import { understand } from '../people/index.ts';
import type { Said } from './port.ts';

/** A conversation as a turn finds it; bodies opened, nothing locked. */
export interface Snapshot {
  lastInboundId: MessageId | null;
  taken: boolean;
  introducedAt: Date | null;
  turns: number;
  notes: Buffer | null;
  name: string;
  language: string;
  optedOutAt: Date | null;
  optedOutChannels: string[];
  leadId: LeadId | null;
  playbook: string | null;
  fields: Record<string, string> | null;
  salesperson: string | null;
  /** Where the last message came in. */
  channel: ChannelName;
  accountId: AccountId;
  addressId: AddressId;
  /** Something was answered to it already: by this turn before a crash, or by a notice. */
  done: boolean;
  /** How many of their messages the customer has taken back. */
  withdrawn: number;
  /** Oldest first; without what was taken back. */
  said: readonly Said[];
}

/** The agent's own message in answer to one of the customer's; the same turn twice is one message. */
export const answerId = (tenantId: TenantId, inboundId: string) => derivedId<MessageId>(tenantId, 'agent', inboundId);

export const draftId = (tenantId: TenantId, inboundId: string) => derivedId(tenantId, 'draft', inboundId);

/** Counts what the person of a conversation `c` has taken back (messages_person). */
export const WITHDRAWN = `(select count(*)::int from messages w
        where w.person_id = c.person_id and w.direction = 'in' and w.reason = 'withdrawn')`;

const SNAPSHOT = {
  name: 'agent-snapshot',
  text: `select c.last_inbound_id as "lastInboundId", c.taken_by is not null as taken, c.introduced_at as "introducedAt",
      c.agent_turns as turns, l.notes, p.name, p.language, p.opted_out_at as "optedOutAt",
      p.opted_out_channels as "optedOutChannels", l.id as "leadId", l.playbook, l.fields, s.name as salesperson,
      m.channel, m.account_id as "accountId", m.address_id as "addressId",
      exists (select from messages x where x.id = any($2::uuid[]))
        or exists (select from drafts d where d.tenant_id = c.tenant_id and d.inbound_id = c.last_inbound_id) as done,
      ${WITHDRAWN} as withdrawn
    from conversations c join persons p on p.id = c.person_id left join leads l on l.id = c.lead_id
      left join staff s on s.id = l.owner_id and s.role is not null join messages m on m.id = c.last_inbound_id
    where c.person_id = $1`,
};

const SAID = {
  name: 'agent-said',
  // messages_person; an answer answers what was there when it was written, whenever it then left. What was taken back and
  // answered before still marks how far the answers go
  text: `select m.id, m.direction, m.purpose, m.body, d.state is not null as handled, m.reason = 'withdrawn' as withdrawn
    from messages m
      left join drafts d on d.tenant_id = m.tenant_id and d.inbound_id = m.id and d.state = 'sent'
    where m.person_id = $1 and m.body is not null
      and (m.direction = 'in' and (m.reason is distinct from 'withdrawn' or d.state is not null)
        or m.state in ('sent', 'delivered', 'read', 'sending', 'uncertain')
        or (m.purpose in ('agent', 'reply') and m.state in ('scheduled', 'claimed')))
    order by case when m.purpose in ('agent', 'reply') then m.created_at else coalesce(m.sent_at, m.created_at) end desc,
      m.id desc limit 24`,
};

interface Row {
  id: MessageId;
  direction: 'in' | 'out';
  purpose: string;
  body: Buffer;
  /** A turn has dealt with it. */
  handled: boolean;
  withdrawn: boolean | null;
}

/** Undefined when nobody of this name has written. */
export async function readSnapshot(
  tx: Tx,
  dataKey: Buffer,
  personId: PersonId,
  messageId: string,
): Promise<Snapshot | undefined> {
  const answers = [answerId(tx.tenantId, messageId), derivedId(tx.tenantId, 'help', messageId)];
  const [row] = await tx.query<Omit<Snapshot, 'said'>>(SNAPSHOT, [personId, answers]);
  if (!row) return undefined;
  const rows = await tx.query<Row>(SAID, [personId]);
  const said = rows.reverse().map(({ id, direction, purpose, body, handled, withdrawn }): Said => {
    const words = withdrawn ? '' : open(dataKey, bodyPlace({ tenantId: tx.tenantId, id }), body).toString();
    const by =
      direction === 'in' ? 'customer' : purpose === 'agent' ? 'agent' : purpose === 'reply' ? 'staff' : 'product';
    return { by, words, ...(handled && { handled }) };
  });
  return { ...row, said };
}

/** How many of what was said, from the oldest on, have been answered. */
export const answeredUpTo = (said: readonly Said[]): number =>
  said.findLastIndex(({ by, handled }) => by === 'agent' || by === 'staff' || handled === true) + 1;

/** What nobody has answered; an automatic reply wants no answer, and is no part of what they wrote themselves. */
const openOf = (said: readonly Said[]): Said[] =>
  said
    .slice(answeredUpTo(said))
    .filter(({ by, words }) => by === 'customer' && understand(words).kind !== 'auto_reply');

/** Whether the customer has written something, words or a picture, since somebody last answered. */
export const isAnswerWanted = (said: readonly Said[]): boolean => openOf(said).length > 0;

/** What the customer wrote since somebody last answered, lines joined. */
export function unansweredOf(said: readonly Said[]): string {
  return openOf(said)
    .slice(-6)
    .map(({ words }) => words.trim())
    .filter(Boolean)
    .join('\n');
}
