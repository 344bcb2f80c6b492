import type { Tx } from '../db/index.ts';
import { currentLead } from '../leads/index.ts';
import { type AddressId, type LeadId, type MessageId, newId, type PersonId, type StaffId } from '../lib/ids.ts';
import type { InboundMessage } from '../messaging/index.ts';
import {
  candidateZones,
  isHidden,
  type KnownPerson,
  languageOfCountry,
  lockByAddress,
  type NewAddress,
  parsePhone,
  primaryZone,
  storePerson,
} from '../people/index.ts';

/** Whoever wrote, and the lead that it is about; none for strangers. */
export interface Sender {
  person: Pick<KnownPerson, 'id' | 'language' | 'optedOutAt'>;
  addressId: AddressId;
  lead: Awaited<ReturnType<typeof currentLead>>;
}

/** Who wrote a message that is here already, and whether they were erased since. */
export async function senderOf(tx: Tx, id: MessageId): Promise<{ personId: PersonId; erased: boolean } | undefined> {
  const [message] = await tx.query<{ personId: PersonId; erased: boolean }>(
    {
      name: 'messages-sender',
      text: `select m.person_id as "personId", p.erased_at is not null as erased
        from messages m join persons p on p.id = m.person_id where m.id = $1`,
    },
    [id],
  );
  return message;
}

const kindOf = ({ channel }: InboundMessage) => (channel === 'email' ? 'email' : 'phone');

/**
 * Finds and locks the person who wrote. `answered` is the address to which the message of ours went that this one answers;
 * `likely` is who it was before the lock, so that their lead is asked for in one go.
 */
export async function findSender(
  tx: Tx,
  message: InboundMessage,
  likely: PersonId | null,
  answered?: AddressId,
): Promise<Sender | undefined> {
  const wanted = (answered && (await addressById(tx, answered))) ?? { kind: kindOf(message), value: message.from };
  const [found, lead] = await Promise.all([lockByAddress(tx, [wanted]), likely ? currentLead(tx, likely) : undefined]);
  const address = found?.addresses.find((each) => each.kind === wanted.kind && each.value === wanted.value);
  if (!found || !address) return undefined;
  return { person: found, addressId: address.id, lead: found.id === likely ? lead : await currentLead(tx, found.id) };
}

/** Stores a stranger as a person without a lead. */
export async function storeStranger(
  tx: Tx,
  message: InboundMessage,
  tenant: { country: string; zone: string },
  now: Date,
): Promise<Sender> {
  const kind = kindOf(message);
  // WhatsApp may hide a number; then its own id is all there is, and nothing but WhatsApp reaches it
  const hidden = isHidden(message.from);
  const parsed = parsePhone(message.from, tenant.country);
  const country = parsed.ok ? parsed.country : tenant.country;
  const place = candidateZones({ ...(kind === 'phone' && !hidden && { phone: message.from }), country });
  const person = {
    id: newId<PersonId>(),
    name: message.profileName?.slice(0, 120) || (hidden ? HIDDEN_NAME : message.from),
    language: languageOfCountry(country),
    zone: primaryZone(place, tenant.zone),
    place,
  };
  const addressId = newId<AddressId>();
  await storePerson(tx, person, [{ id: addressId, kind, value: message.from }], true, now);
  if (hidden) await tx.write(`update addresses set unreachable = '{sms}' where id = $1`, [addressId]);
  return { person: { ...person, optedOutAt: null }, addressId, lead: undefined };
}

const HIDDEN_NAME = 'Somebody on WhatsApp';

async function addressById(tx: Tx, id: AddressId): Promise<Pick<NewAddress, 'kind' | 'value'> | undefined> {
  const [address] = await tx.query<Pick<NewAddress, 'kind' | 'value'>>(
    { name: 'addresses-by-id', text: 'select kind, value from addresses where id = $1' },
    [id],
  );
  return address;
}

/** Where a part of a customer's picture is sealed to. */
export const mediaPlace = (media: { tenantId: string; id: string }, part: 'url' | 'content') =>
  `${media.tenantId}/${media.id}/${part}`;

/** What a message changes in the conversation. */
export interface Effect {
  /** The customer says something: it counts as unread, and the agent's turn for an older message is void. */
  counts: boolean;
  /** An answer is owed from now on, if none was owed before. */
  owes: boolean;
}

const INSERT_INBOUND = {
  name: 'messages-insert-inbound',
  // a new time of waiting has its own reminders
  text: `with m as (
      insert into messages (id, tenant_id, person_id, lead_id, direction, purpose, channel, account_id, address_id, due_at,
        state, body, created_at)
      values ($1, $2, $3, $4, 'in', 'inbound', $5, $6, $7, $9, 'received', $8, $9)
      on conflict (id) do nothing returning id),
    w as (
      insert into service_windows (tenant_id, address_id, account_id, last_inbound_at)
      select $2, $7, $6, $17 from m where $5 = 'whatsapp'
      on conflict (address_id, account_id) do update set last_inbound_at = greatest(service_windows.last_inbound_at, $17)),
    g as (
      insert into media (id, tenant_id, message_id, place, url, declared, state, created_at)
      select x.id, $2, m.id, x.place, x.url, x.declared, 'waiting', $9
      from m, unnest($10::uuid[], $11::smallint[], $12::bytea[], $13::text[]) as x(id, place, url, declared)),
    l as (
      insert into mail_letters (message_id, tenant_id, person_id, facts, received_at)
      select m.id, $2, $3, $16, $9 from m where $16::bytea is not null),
    c as (
      insert into conversations as c (person_id, tenant_id, lead_id, last_inbound_id, last_inbound_at, unread, owed_since)
      select $3, $2, $4, m.id, $9, 1, case when $15::boolean then $9::timestamptz end from m where $14::boolean
      on conflict (person_id) do update set
        lead_id = coalesce(excluded.lead_id, c.lead_id), last_inbound_id = excluded.last_inbound_id,
        last_inbound_at = excluded.last_inbound_at, unread = c.unread + 1,
        reminded_at = case when c.owed_since is null then null else c.reminded_at end,
        escalated_at = case when c.owed_since is null then null else c.escalated_at end,
        owed_since = coalesce(c.owed_since, excluded.owed_since)
      returning c.taken_by)
    select m.id, (select taken_by from c) as "takenBy" from m`,
};

/**
 * Stores a customer's message with what it changes at once: WhatsApp's window, the conversation, the media to fetch.
 * Undefined when it was stored before.
 */
export async function insertInbound(
  tx: Tx,
  row: {
    id: MessageId;
    personId: PersonId;
    leadId: LeadId | null;
    channel: string;
    accountId: string;
    addressId: AddressId;
    body: Buffer;
    media: readonly { id: string; url: Buffer; declared: string }[];
    /** Of an e-mail, sealed. */
    letter: Buffer | null;
    effect: Effect;
    /** When it reached us or, where that was earlier, its gateway: from then on WhatsApp's window is open. */
    cameAt: Date;
    now: Date;
  },
): Promise<{ takenBy: StaffId | null } | undefined> {
  const { id, personId, leadId, channel, accountId, addressId, body, media, letter, effect, cameAt, now } = row;
  const [stored] = await tx.query<{ takenBy: StaffId | null }>(INSERT_INBOUND, [
    id,
    tx.tenantId,
    personId,
    leadId,
    channel,
    accountId,
    addressId,
    body,
    now,
    media.map((each) => each.id),
    media.map((_, index) => index),
    media.map((each) => each.url),
    media.map((each) => each.declared),
    effect.counts,
    effect.owes,
    letter,
    cameAt,
  ]);
  return stored;
}
