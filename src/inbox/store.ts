import type { Tx } from '../db/index.ts';
import { currentLead } from '../leads/index.ts';
import { type AddressId, type LeadId, type MessageId, newId, type PersonId } from '../lib/ids.ts';
import type { InboundMessage } from '../messaging/index.ts';
import {
  candidateZones,
  type KnownPerson,
  languageOfCountry,
  lockByAddress,
  parsePhone,
  primaryZone,
  storePerson,
} from '../people/index.ts';

/** Whoever wrote: `known` when there is a lead of theirs. */
export interface Sender {
  person: Pick<KnownPerson, 'id' | 'language' | 'optedOutAt'>;
  addressId: AddressId;
  known: boolean;
}

/** Finds and locks the person who wrote; a stranger is stored as a person without a lead. */
export async function personBehind(
  tx: Tx,
  message: InboundMessage,
  tenant: { country: string; zone: string },
  now: Date,
): Promise<Sender> {
  const found = await lockByAddress(tx, [{ kind: 'phone', value: message.from }]);
  const address = found?.addresses.find((each) => each.kind === 'phone' && each.value === message.from);
  if (found && address) {
    const known = (await currentLead(tx, found.id)) !== undefined;
    return { person: found, addressId: address.id, known };
  }
  const parsed = parsePhone(message.from, tenant.country);
  const country = parsed.ok ? parsed.country : tenant.country;
  const place = candidateZones({ phone: message.from, country });
  const person = {
    id: newId<PersonId>(),
    name: message.profileName?.slice(0, 120) || message.from,
    language: languageOfCountry(country),
    zone: primaryZone(place, tenant.zone),
    place,
  };
  const addressId = newId<AddressId>();
  await storePerson(tx, person, [{ id: addressId, kind: 'phone', value: message.from }], true, now);
  return { person: { ...person, optedOutAt: null }, addressId, known: false };
}

const INSERT_INBOUND = {
  name: 'messages-insert-inbound',
  text: `with m as (
      insert into messages (id, tenant_id, person_id, lead_id, direction, purpose, channel, account_id, address_id, due_at,
        state, body, created_at)
      values ($1, $2, $3, $4, 'in', 'inbound', $5, $6, $7, $9, 'received', $8, $9)
      on conflict (id) do nothing returning id),
    w as (
      insert into service_windows (tenant_id, address_id, account_id, last_inbound_at)
      select $2, $7, $6, $9 from m where $5 = 'whatsapp'
      on conflict (address_id, account_id) do update set last_inbound_at = greatest(service_windows.last_inbound_at, $9))
    select id from m`,
};

/** Stores a customer's message and opens WhatsApp's window. False when it was stored before. */
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
    now: Date;
  },
): Promise<boolean> {
  const { id, personId, leadId, channel, accountId, addressId, body, now } = row;
  const rows = await tx.query(INSERT_INBOUND, [
    id,
    tx.tenantId,
    personId,
    leadId,
    channel,
    accountId,
    addressId,
    body,
    now,
  ]);
  return rows.length > 0;
}
