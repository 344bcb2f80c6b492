import type { Sql } from '../db/index.ts';
import type { PhoneId, TenantId } from '../lib/ids.ts';
import type { Hold, PhoneState } from './types.ts';

/*
 * Who holds a phone (machine clock of the database). A hold that is not renewed ends; the next holder has a higher term, and
 * whatever an earlier one writes with its own is void.
 */

/** A process that dies is replaced this long after it last renewed, at the next tick. */
export const HOLD_SECONDS = 20;

export interface Taken extends Hold {
  state: PhoneState;
  /** Somebody wants it unlinked. */
  leaving: boolean;
}

const TAKE = {
  name: 'phones-take',
  // linked_phones_open
  text: `update linked_phones set held_by = $1, term = term + 1,
      held_until = clock_timestamp() + interval '${HOLD_SECONDS} seconds'
    where id = any(array(select id from linked_phones
      where state in ('linking', 'linked', 'lost') and retry_at <= clock_timestamp()
        and (held_until is null or held_until < clock_timestamp())
      order by retry_at limit $2 for update skip locked))
    returning id, tenant_id as "tenantId", term, state, leaving`,
};

/** Takes up to `limit` phones that nobody holds. */
export async function take(sql: Sql, worker: number, limit: number): Promise<Taken[]> {
  return sql.query<Taken>(TAKE, [worker, limit]);
}

const RENEW = {
  name: 'phones-renew',
  text: `update linked_phones p set held_until = clock_timestamp() + interval '${HOLD_SECONDS} seconds'
    from unnest($2::uuid[], $3::bigint[]) as h(id, term)
    where p.id = h.id and p.term = h.term and p.held_by = $1 and p.held_until > clock_timestamp()
      and p.state in ('linking', 'linked', 'lost')
    returning p.id, p.leaving`,
};

/** Renews holds; those that are not in the answer are lost. */
export async function renew(
  sql: Sql,
  worker: number,
  holds: readonly Hold[],
): Promise<{ id: PhoneId; leaving: boolean }[]> {
  if (holds.length === 0) return [];
  return sql.query(RENEW, [worker, holds.map(({ id }) => id), holds.map(({ term }) => term)]);
}

/** How many ms a hold still lasts; null when it is not ours any more. */
export async function remaining(sql: Sql, worker: number, { id, term }: Hold): Promise<number | null> {
  const [row] = await sql.query<{ ms: number }>(
    {
      name: 'phones-remaining',
      text: `select extract(epoch from held_until - clock_timestamp())::float * 1000 as ms from linked_phones
        where id = $1 and term = $2 and held_by = $3 and held_until > clock_timestamp()`,
    },
    [id, term, worker],
  );
  return row?.ms ?? null;
}

/** Locks a phone's row if the hold is (still) ours; what it says. */
export async function lockHeld(
  sql: Sql,
  worker: number,
  { id, term }: Hold,
): Promise<{ state: PhoneState; failures: number; linkedAt: Date | null } | undefined> {
  const [row] = await sql.query<{ state: PhoneState; failures: number; linkedAt: Date | null }>(
    `select state, failures, linked_at as "linkedAt" from linked_phones
     where id = $1 and term = $2 and held_by = $3 and held_until > clock_timestamp() for update`,
    [id, term, worker],
  );
  return row;
}

/** Gives holds back, so that others need not wait for their end. */
export async function giveBack(sql: Sql, worker: number, holds: readonly Hold[]): Promise<void> {
  if (holds.length === 0) return;
  await sql.query(
    `update linked_phones p set held_by = null, held_until = null from unnest($2::uuid[], $3::bigint[]) as h(id, term)
     where p.id = h.id and p.term = h.term and p.held_by = $1`,
    [worker, holds.map(({ id }) => id), holds.map(({ term }) => term)],
  );
}

/** Where what a phone scans is sealed to, and what keeps it linked. */
export const codePlace = (phone: { tenantId: TenantId; id: PhoneId }) => `${phone.tenantId}/${phone.id}/code`;
export const sessionPlace = (phone: { tenantId: TenantId; id: PhoneId }) => `${phone.tenantId}/${phone.id}/session`;
