import { PRIORITY } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import type { LeadSummary } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { derivedId, type MessageId } from '../lib/ids.ts';
import { seal } from '../lib/secrets.ts';
import type { Hand, RoutingBook, Tenants } from '../tenants/index.ts';
import { isWindowOpen } from './guard.ts';
import type { ChannelName } from './port.ts';
import { bodyPlace } from './prepare.ts';
import { chooseSenders, type Talk } from './senders.ts';

/** Seconds in which a reply can be taken back. */
export const UNDO_SECONDS = 10;
/** Characters of one reply; Twilio refuses more than 1,600 (error 21617). */
export const MAX_REPLY = 1500;

/** How a reply would travel. */
export interface ReplyRoute {
  channel: ChannelName;
  /** The customer's address. */
  to: string;
}

export interface ReplyDeps {
  clock: Clock;
  tenants: Tenants;
  routing: RoutingBook;
}

/** A reply's way, with the ids of its ends. */
export interface RoutedReply {
  route: ReplyRoute;
  accountId: string;
  addressId: string;
}

interface Reachable {
  addresses: { id: string; kind: string; value: string; unreachable: string[] }[];
  optedOut: string[];
  windows: Talk['windows'] | null;
  lastChannel: ChannelName | null;
}

const REACHABLE = {
  name: 'reply-ways',
  // addresses_person, messages_person
  text: `select p.opted_out_channels as "optedOut",
      coalesce((select json_agg(json_build_object('id', a.id, 'kind', a.kind, 'value', a.value, 'unreachable', a.unreachable)
        order by a.created_at) from addresses a where a.person_id = p.id), '[]') as addresses,
      (select jsonb_object_agg(t.account_id, t.at) from (
        select w.account_id, max(w.last_inbound_at) as at from service_windows w join addresses a on a.id = w.address_id
        where a.person_id = p.id group by w.account_id) t) as windows,
      (select m.channel from messages m where m.person_id = p.id and m.direction = 'in'
        order by m.created_at desc limit 1) as "lastChannel"
    from persons p where p.id = $1`,
};

/**
 * By e-mail to those who wrote by e-mail; else WhatsApp while the customer's window with one of the senders is open, then SMS, then
 * e-mail.
 */
export async function routeReply(deps: ReplyDeps, tx: Tx, lead: LeadSummary): Promise<RoutedReply> {
  if (lead.optedOutAt) {
    throw new KnownError(
      'opted_out',
      'opted out',
      `${lead.name} opted out. Nothing can be sent until they write START.`,
    );
  }
  const routing = await deps.routing.of(tx.tenantId);
  const [person] = await tx.query<Reachable>(REACHABLE, [lead.personId]);
  const now = deps.clock.now();
  const windows = person?.windows ?? {};
  const { accounts } = chooseSenders(routing, { talk: { last: {}, windows }, resting: 'keep', now });
  const wroteAt = accounts.whatsapp && windows[accounts.whatsapp.id];
  const windowOpen = (wroteAt && isWindowOpen(new Date(wroteAt), now)) || accounts.whatsapp?.freeText === true;
  const phones: readonly ChannelName[] = windowOpen ? ['whatsapp', 'sms'] : ['sms'];
  for (const channel of person?.lastChannel === 'email'
    ? (['email', ...phones] as const)
    : [...phones, 'email' as const]) {
    const account = accounts[channel];
    const address = person?.addresses.find(
      (each) => each.kind === (channel === 'email' ? 'email' : 'phone') && !each.unreachable.includes(channel),
    );
    if (!account || !address || person?.optedOut.includes(channel)) continue;
    return { route: { channel, to: address.value }, accountId: account.id, addressId: address.id };
  }
  const why =
    'WhatsApp is only open for 24 hours after a customer wrote, and neither SMS nor e-mail can reach this one.';
  throw new KnownError(
    'unavailable',
    'no channel for a reply',
    `${lead.name} cannot be written to now: ${why} Call them.`,
  );
}

/** Queues a reply; the same `key` (the modal it came from) never makes a second one: then `isNew` is false. */
export async function insertReply(
  deps: ReplyDeps,
  tx: Tx,
  staff: Hand,
  lead: LeadSummary,
  reply: {
    words: string;
    key: string;
    channel: string;
    accountId: string;
    addressId: string;
    leavesAt: Date;
    now: Date;
  },
): Promise<{ id: MessageId; isNew: boolean }> {
  const id = derivedId<MessageId>(tx.tenantId, 'reply', reply.key);
  const { data } = await deps.tenants.keys(tx.tenantId);
  const stored = await tx.query(
    `insert into messages (id, tenant_id, person_id, lead_id, direction, purpose, channel, account_id, address_id, priority,
       due_at, state, body, author_id, created_at)
     values ($1, $2, $3, $4, 'out', 'reply', $5, $6, $7, ${PRIORITY.now}, $8, 'scheduled', $9, $10, $11)
     on conflict (id) do nothing returning id`,
    [
      id,
      tx.tenantId,
      lead.personId,
      lead.id,
      reply.channel,
      reply.accountId,
      reply.addressId,
      reply.leavesAt,
      seal(data, bodyPlace({ tenantId: tx.tenantId, id }), reply.words),
      staff.id,
      reply.now,
    ],
  );
  return { id, isNew: stored.length > 0 };
}
