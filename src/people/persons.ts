import { type Rows, StartAgain, type Tx } from '../db/index.ts';
import type { AddressId, EnrolmentId, LeadId, PersonId, StaffId } from '../lib/ids.ts';
import { keyedHash } from '../lib/secrets.ts';
import type { PersonPlace } from './zone.ts';

export type AddressKind = 'phone' | 'email';

export interface NewAddress {
  id: AddressId;
  kind: AddressKind;
  /** Normalised: E.164, or a lower-case mailbox. */
  value: string;
}

export interface NewPerson {
  id: PersonId;
  name: string;
  language: string;
  zone: string;
  place: PersonPlace;
}

/** A person as found and locked by one of their addresses. */
export interface KnownPerson {
  id: PersonId;
  name: string;
  language: string;
  zone: string;
  place: PersonPlace;
  optedOutAt: Date | null;
  optedOutChannels: string[];
  addresses: { id: AddressId; kind: AddressKind; value: string; unreachable: string[] }[];
  active: { enrolmentId: EnrolmentId; leadId: LeadId; ownerId: StaffId | null } | null;
}

/** Each address is looked up by its key (`offset` keeps the planner to that): the first leads of a day would else read them all. */
const BY_ADDRESS = `from persons p
    where p.id = any(array(select known.person_id from unnest($1::text[], $2::text[]) as asked(kind, value) cross join lateral (
      select a.person_id from addresses a where a.kind = asked.kind and a.value = asked.value offset 0) known) || $3::uuid[])
    order by p.created_at, p.id`;
const LOCK_BY_ADDRESS = {
  name: 'persons-lock-by-address',
  text: `select p.id ${BY_ADDRESS} for update`,
};
const READ_BY_ADDRESS = {
  name: 'persons-read-by-address',
  text: `select p.id, p.name, p.language, p.zone, p.place, p.opted_out_at as "optedOutAt",
      p.opted_out_channels as "optedOutChannels",
      (select jsonb_agg(jsonb_build_object('id', b.id, 'kind', b.kind, 'value', b.value, 'unreachable', b.unreachable))
        from addresses b where b.person_id = p.id) as addresses,
      (select jsonb_build_object('enrolmentId', e.id, 'leadId', e.lead_id, 'ownerId', l.owner_id)
        from enrolments e join leads l on l.id = e.lead_id
        where e.person_id = p.id and e.state in ('active', 'paused')) as active
    ${BY_ADDRESS} limit 1`,
};

/**
 * Finds the person behind these addresses and locks the row, so that capture, stop and new messages of one person
 * happen one after the other. When the addresses belong to two persons, the older one is meant. `also` is a person known
 * by other means.
 */
export async function lockByAddress(
  tx: Tx,
  addresses: readonly Pick<NewAddress, 'kind' | 'value'>[],
  also?: PersonId,
): Promise<KnownPerson | undefined> {
  const values = [
    addresses.map((address) => address.kind),
    addresses.map((address) => address.value),
    also ? [also] : [],
  ];
  // both are on their way at once; a statement that waited for the lock would read what was before whoever had it
  const [locked, [person]] = await Promise.all([
    tx.query<{ id: PersonId }>(LOCK_BY_ADDRESS, values),
    tx.query<KnownPerson>(READ_BY_ADDRESS, values),
  ]);
  if (person && !locked.some(({ id }) => id === person.id)) throw new AddressTaken();
  return person;
}

const LOCK_ALL = {
  name: 'persons-lock-all',
  // addresses_person for what they have
  text: `select array(select a.kind || ':' || a.value from addresses a where a.person_id = p.id) as addresses
    ${BY_ADDRESS} for update`,
};

/**
 * Locks whoever is behind any of many addresses, or is named, in the order in which everybody locks several persons: a
 * batch that locked one after the other would wait in a circle with another one. Gives the addresses that they have, as
 * `addressKey` writes them: whoever has none of these is a stranger.
 */
export async function lockPersons(
  tx: Tx,
  addresses: readonly Pick<NewAddress, 'kind' | 'value'>[],
  ids: readonly PersonId[] = [],
): Promise<Set<string>> {
  const rows = await tx.query<{ addresses: string[] }>(LOCK_ALL, [
    addresses.map((address) => address.kind),
    addresses.map((address) => address.value),
    ids,
  ]);
  return new Set(rows.flatMap((row) => row.addresses));
}

export const addressKey = ({ kind, value }: Pick<NewAddress, 'kind' | 'value'>): string => `${kind}:${value}`;

/** Locks a person by id; undefined when this tenant has no such person. */
export async function lockPerson(tx: Tx, id: PersonId): Promise<{ optedOutAt: Date | null } | undefined> {
  const [row] = await tx.query<{ optedOutAt: Date | null }>(
    { name: 'persons-lock', text: 'select opted_out_at as "optedOutAt" from persons where id = $1 for update' },
    [id],
  );
  return row;
}

const INSERT: Rows = {
  name: 'persons-insert',
  depth: 1,
  text: `with p as (
      insert into persons (id, tenant_id, name, language, zone, place, created_at)
      select p.id, $1, p.name, p.language, p.zone, p.place, p.created_at
      from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[])
        as p(id, name, language, zone, place, created_at))
    insert into addresses (id, tenant_id, person_id, kind, value, created_at)
    select a.id, $1, a.person_id, a.kind, a.value, a.created_at
    from unnest($8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::timestamptz[])
      as a(id, person_id, kind, value, created_at)`,
};
const ADD = {
  name: 'addresses-add',
  text: `insert into addresses (id, tenant_id, person_id, kind, value, created_at)
    select a.id, $1, $2, a.kind, a.value, $3 from unnest($4::uuid[], $5::text[], $6::text[]) as a(id, kind, value)
    on conflict (tenant_id, kind, value) do nothing`,
};

/**
 * Stores a new person (`isNew`) with addresses, or adds addresses to a known one. When somebody else has just stored the
 * same address, the caller's transaction starts again and finds that person.
 */
export async function storePerson(
  tx: Tx,
  person: NewPerson,
  addresses: readonly NewAddress[],
  isNew: boolean,
  now: Date,
): Promise<void> {
  const ids = addresses.map((address) => address.id);
  const kinds = addresses.map((address) => address.kind);
  const values = addresses.map((address) => address.value);
  if (!isNew) return tx.write(ADD, [tx.tenantId, person.id, now, ids, kinds, values]);
  const { id, name, language, zone, place } = person;
  await tx.writeRows(
    INSERT,
    [
      ...[[id], [name], [language], [zone], [JSON.stringify(place)], [now]],
      ...[ids, addresses.map(() => id), kinds, values, addresses.map(() => now)],
    ],
    addressTaken,
  );
}

const UNIQUE_VIOLATION = '23505';

/** Somebody else was just given the address, or the id. */
export class AddressTaken extends StartAgain {}

/** What the database makes of an address that somebody else was just given. */
export const addressTaken = (error: unknown): unknown =>
  (error as { code?: string }).code === UNIQUE_VIOLATION ? new AddressTaken() : error;

/** What is newly known of where a person is: it decides when they are written to. */
export async function movePerson(tx: Tx, person: Pick<NewPerson, 'id' | 'zone' | 'place'>): Promise<void> {
  await tx.query('update persons set zone = $2, place = $3 where id = $1', [
    person.id,
    person.zone,
    JSON.stringify(person.place),
  ]);
}

/** A person's id in another system. */
export interface ExternalId {
  system: string;
  id: string;
}

/** The person whom another system knows by this id. */
export async function personByExternalId(tx: Tx, { system, id }: ExternalId): Promise<PersonId | undefined> {
  const [row] = await tx.query<{ personId: PersonId }>(
    'select person_id as "personId" from external_ids where tenant_id = $1 and system = $2 and external_id = $3',
    [tx.tenantId, system, id],
  );
  return row?.personId;
}

/**
 * Remembers a person's id in another system; it stays with whom it was first given to. When somebody else has just been
 * given it, the caller's transaction starts again and finds that person.
 */
export async function keepExternalId(tx: Tx, personId: PersonId, { system, id }: ExternalId, now: Date): Promise<void> {
  const kept = await tx.query(
    `insert into external_ids (tenant_id, system, external_id, person_id, created_at) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, system, external_id) do nothing returning person_id`,
    [tx.tenantId, system, id, personId, now],
  );
  if (kept.length === 0) throw new AddressTaken();
}

/** The channels of an address that the tenant must never write to, remembered even after the person was erased. */
export async function suppressedChannels(
  tx: Tx,
  suppressionKey: Buffer,
  addresses: readonly Pick<NewAddress, 'kind' | 'value'>[],
): Promise<string[]> {
  const rows = await tx.query<{ channel: string }>(
    {
      name: 'suppressions-of',
      text: 'select distinct channel from suppressions where tenant_id = $1 and address_hash = any($2::bytea[])',
    },
    [tx.tenantId, addresses.map((address) => suppressionHash(suppressionKey, address))],
  );
  return rows.map((row) => row.channel);
}

/** Whether an address is closed on a channel of its kind, by the channels that are remembered for it. Pure. */
export const asksForSilence = (kind: AddressKind, closed: readonly string[]): boolean =>
  closed.some((channel) => channel === 'all' || REACHED_BY[kind].includes(channel));

const REACHED_BY: Readonly<Record<AddressKind, readonly string[]>> = { phone: ['whatsapp', 'sms'], email: ['email'] };

/**
 * The same for many addresses at once: what is returned answers from what was read. The persons are locked, so that nobody
 * of them asks for silence meanwhile.
 */
export async function suppressedAmong(
  tx: Tx,
  suppressionKey: Buffer,
  addresses: readonly Pick<NewAddress, 'kind' | 'value'>[],
): Promise<(some: readonly Pick<NewAddress, 'kind' | 'value'>[]) => string[]> {
  const hashOf = (address: Pick<NewAddress, 'kind' | 'value'>) => suppressionHash(suppressionKey, address);
  const rows = await tx.query<{ hash: Buffer; channel: string }>(
    'select address_hash as hash, channel from suppressions where tenant_id = $1 and address_hash = any($2::bytea[])',
    [tx.tenantId, addresses.map(hashOf)],
  );
  return (some) => {
    if (rows.length === 0) return [];
    const hashes = some.map(hashOf);
    const found = rows.filter(({ hash }) => hashes.some((each) => each.equals(hash)));
    return [...new Set(found.map(({ channel }) => channel))];
  };
}

/** The keyed hash under which an address is remembered as suppressed. */
export function suppressionHash(key: Buffer, address: Pick<NewAddress, 'kind' | 'value'>): Buffer {
  return keyedHash(key, `${address.kind}:${address.value}`);
}
