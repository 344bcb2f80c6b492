import type { Tx } from '../db/index.ts';
import type { AddressId, PersonId } from '../lib/ids.ts';
import { AddressTaken, addressTaken, lockPersons, suppressionHash } from './persons.ts';

/*
 * Numbers that WhatsApp hides. A *hidden id* is WhatsApp's own for somebody (`81234567890@lid`). While nothing else is known of
 * them it stands in the place of their number; once it is known it stands beside it.
 */

const HIDDEN = /^\d{5,20}@lid$/;

/** Whether this stands for somebody whose number WhatsApp hides. */
export const isHidden = (address: string): boolean => HIDDEN.test(address);

/** The number of somebody here behind a hidden id, E.164; null when nobody here is known by it. */
export async function numberBehind(tx: Tx, hiddenId: string): Promise<string | null> {
  const [address] = await tx.query<{ value: string }>(
    { name: 'addresses-hidden', text: 'select value from addresses where tenant_id = $1 and hidden_as = $2' },
    [tx.tenantId, hiddenId],
  );
  return address?.value ?? null;
}

interface Bearer {
  id: AddressId;
  personId: PersonId;
  value: string;
}

/**
 * Who has a number, and who was known by nothing but its hidden id. Their persons are locked, and whoever the id was known to be
 * before; when that has become somebody else meanwhile, the caller's transaction starts again.
 */
export async function lockHidden(
  tx: Tx,
  hiddenId: string,
  number: string,
): Promise<Record<'numbered' | 'hidden', Bearer | undefined>> {
  const bearers = () =>
    tx.query<Bearer>(
      // the unique keys of addresses
      `select id, person_id as "personId", value from addresses
       where tenant_id = $1 and (kind = 'phone' and value in ($2, $3) or hidden_as = $2)`,
      [tx.tenantId, hiddenId, number],
    );
  const seen = (await bearers()).map(({ personId }) => personId);
  await lockPersons(tx, [], seen);
  const rows = await bearers();
  if (rows.some(({ personId }) => !seen.includes(personId))) throw new AddressTaken();
  const of = (value: string) => rows.find((row) => row.value === value);
  return { numbered: of(number), hidden: of(hiddenId) };
}

/** Remembers by which hidden id a number goes. An id is one number's: of a customer who changed theirs, the newest. */
export async function keepHidden(tx: Tx, addressId: AddressId, hiddenId: string): Promise<void> {
  await setFree(tx, addressId, hiddenId);
  await tx.write('update addresses set hidden_as = $2 where id = $1', [addressId, hiddenId], addressTaken);
}

/** Somebody who was known by a hidden id alone has a number from now on, and is reached by it like anybody. */
export async function giveNumber(tx: Tx, { id, value }: Pick<Bearer, 'id' | 'value'>, number: string): Promise<void> {
  await setFree(tx, id, value);
  await tx.write(
    `update addresses set hidden_as = value, value = $2, unreachable = '{}' where id = $1`,
    [id, number],
    addressTaken,
  );
}

/** A hidden id is nobody else's any more. */
const setFree = (tx: Tx, addressId: AddressId, hiddenId: string): Promise<void> =>
  tx.write('update addresses set hidden_as = null where tenant_id = $1 and hidden_as = $2 and id <> $3', [
    tx.tenantId,
    hiddenId,
    addressId,
  ]);

/**
 * What is remembered of a hidden id that must not be written to is remembered of its number from now on, so that a START by the
 * one lifts it for both. Returns the channels.
 */
export async function moveSilence(tx: Tx, suppressionKey: Buffer, hiddenId: string, number: string): Promise<string[]> {
  const [from, to] = [hiddenId, number].map((value) => suppressionHash(suppressionKey, { kind: 'phone', value }));
  const rows = await tx.query<{ channel: string }>(
    `with moved as (
       delete from suppressions where tenant_id = $1 and address_hash = $2 returning channel, created_at),
     kept as (
       insert into suppressions (tenant_id, address_hash, channel, created_at)
       select $1, $3, channel, created_at from moved on conflict do nothing)
     select channel from moved`,
    [tx.tenantId, from, to],
  );
  return rows.map(({ channel }) => channel);
}
