import type { Tx } from '../db/index.ts';
import type { PersonId } from '../lib/ids.ts';
import { suppressionHash } from './persons.ts';

/** What an opt-out covers: every channel of this person in the tenant, or the one the person named. */
export type OptOutScope = 'all' | 'whatsapp' | 'sms' | 'email';

const CLOSED = `select exists(select from closed) as "firstTime",
  (select coalesce(json_agg(json_build_object('kind', a.kind, 'value', a.value)), '[]') from addresses a where a.person_id = $1)
    as addresses`;
const CLOSE_ALL = {
  name: 'persons-close-all',
  // consents_person
  text: `with closed as (update persons set opted_out_at = $2 where id = $1 and opted_out_at is null returning id),
    withdrawn as (update consents set withdrawn_at = $2 where person_id = $1 and withdrawn_at is null)
    ${CLOSED}`,
};
const CLOSE_ONE = {
  name: 'persons-close-one',
  text: `with closed as (
      update persons set opted_out_channels = opted_out_channels || $2::text
      where id = $1 and opted_out_at is null and not $2 = any(opted_out_channels) returning id)
    ${CLOSED}`,
};
const ADDRESSES = { name: 'addresses-of', text: 'select kind, value from addresses where person_id = $1' };
const REMEMBER = {
  name: 'suppressions-remember',
  text: `insert into suppressions (tenant_id, address_hash, channel, created_at)
    select $1, hash, $3, $4 from unnest($2::bytea[]) as hash on conflict do nothing`,
};

/**
 * Marks a locked person as opted out and remembers every address under its keyed hash. Returns false when that was so
 * already (then nobody needs a second confirmation).
 */
export async function suppress(
  tx: Tx,
  personId: PersonId,
  scope: OptOutScope,
  suppressionKey: Buffer,
  now: Date,
): Promise<boolean> {
  const [closed] = await tx.query<{ firstTime: boolean; addresses: { kind: 'phone' | 'email'; value: string }[] }>(
    scope === 'all' ? CLOSE_ALL : CLOSE_ONE,
    [personId, scope === 'all' ? now : scope],
  );
  if (!closed) throw new Error('an opt-out returned nothing');
  const { firstTime, addresses } = closed;
  const hashes = addresses.map((address) => suppressionHash(suppressionKey, address));
  await tx.write(REMEMBER, [tx.tenantId, hashes, scope, now]);
  return firstTime;
}

/** What is remembered of an address counts for the locked person who has it now, in every later plan as well. */
export async function keepSilence(
  tx: Tx,
  personId: PersonId,
  closed: readonly string[],
  suppressionKey: Buffer,
  now: Date,
): Promise<void> {
  const scopes = closed.includes('all') ? ['all'] : closed;
  for (const scope of scopes) await suppress(tx, personId, scope as OptOutScope, suppressionKey, now);
}

/**
 * Takes a person's own START into account: the channel it came by is open again, the others stay closed after a full
 * opt-out. Returns false when the channel was open anyway. Also somebody who was erased may come back so: all that is
 * left of them is what their address must not be sent.
 */
export async function restore(
  tx: Tx,
  personId: PersonId,
  channel: Exclude<OptOutScope, 'all'>,
  suppressionKey: Buffer,
): Promise<boolean> {
  const changed = await tx.query(
    `update persons set opted_out_at = null,
       opted_out_channels = case when opted_out_at is null then array_remove(opted_out_channels, $2)
         else array_remove(array['whatsapp', 'sms', 'email'], $2) end
     where id = $1 and (opted_out_at is not null or $2 = any(opted_out_channels)) returning id`,
    [personId, channel],
  );
  const addresses = await tx.query<{ kind: 'phone' | 'email'; value: string }>(ADDRESSES, [personId]);
  const hashes = addresses.map((address) => suppressionHash(suppressionKey, address));
  // an "all" remembered for these addresses becomes one entry for each channel that stays closed
  const lifted = await tx.query(
    `with lifted as (
       delete from suppressions where tenant_id = $1 and address_hash = any($2::bytea[]) and channel in ('all', $3)
       returning address_hash, channel, created_at),
     others as (
       insert into suppressions (tenant_id, address_hash, channel, created_at)
       select $1, address_hash, other, created_at from lifted
       cross join unnest(array_remove(array['whatsapp', 'sms', 'email'], $3)) as other
       where channel = 'all' on conflict do nothing)
     select channel from lifted`,
    [tx.tenantId, hashes, channel],
  );
  return changed.length > 0 || lifted.length > 0;
}
