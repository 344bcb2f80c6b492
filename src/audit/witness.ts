import { DateTime } from 'luxon';
import type { Database, Sql, Tx } from '../db/index.ts';
import { requestOnce } from '../events/index.ts';
import type { TenantId } from '../lib/ids.ts';
import { HEAD } from './store.ts';
import type { Head } from './types.ts';

/*
 * Witnesses: every morning the newest head is shown to people outside, who then hold something that nobody can take back.
 * Whoever cuts or rewrites the log after that cannot make it fit what they have seen.
 */

/** Local time of the tenant at which a head is due. */
const HOUR = 8;

interface Standing {
  tenant: TenantId;
  zone: string;
  /** When the last head was shown; null: none was. */
  shownAt: Date | null;
  /** When the first batch was sealed that nobody outside has seen. */
  unseenSince: Date;
}

const STANDING = {
  name: 'audit-standing',
  // seal_witnesses_last, seals (tenant_id, size)
  text: `select t.id as tenant, t.zone, w.posted_at as "shownAt", s.sealed_at as "unseenSince" from tenants t
      left join lateral (
        select size, posted_at from seal_witnesses where tenant_id = t.id order by posted_at desc limit 1) w on true
      cross join lateral (
        select sealed_at from seals where tenant_id = t.id and size > coalesce(w.size, 0) order by size limit 1) s
    where $1::uuid is null or t.id = $1`,
};

/** Whether a head is to be shown: a morning has passed since what is new was sealed, and none was shown since. Pure. */
export function isDue({ zone, shownAt, unseenSince }: Omit<Standing, 'tenant'>, now: Date): boolean {
  const local = DateTime.fromJSDate(now, { zone });
  const today = (local.isValid ? local : DateTime.fromJSDate(now, { zone: 'UTC' })).set({ hour: HOUR }).startOf('hour');
  const morning = today.toMillis() <= now.getTime() ? today : today.minus({ days: 1 });
  return unseenSince.getTime() < morning.toMillis() && (shownAt === null || shownAt.getTime() < morning.toMillis());
}

/** Asks for the heads that are due, of all tenants. */
export async function requestWitnesses(db: Database, now: Date): Promise<void> {
  for (const standing of await db.system.query<Standing>(STANDING, [null])) {
    if (isDue(standing, now)) await requestOnce(db.system, standing.tenant, { kind: 'audit.witness', key: 'head' });
  }
}

/** A head that is due to be shown, with the last one that was. */
export interface DueHead {
  head: Head;
  before: { size: number; at: Date } | null;
}

/** The head that is due; null when none is, for example because another worker has just shown it. */
export async function dueHead(sql: Sql, tenant: TenantId, now: Date): Promise<DueHead | null> {
  const [standing] = await sql.query<Standing>(STANDING, [tenant]);
  if (!standing || !isDue(standing, now)) return null;
  const [head] = await sql.query<Head>(
    `select ${HEAD} from seals s where s.tenant_id = $1 order by s.batch desc limit 1`,
    [tenant],
  );
  const [before] = await sql.query<{ size: number; at: Date }>(
    'select size, posted_at as at from seal_witnesses where tenant_id = $1 order by posted_at desc limit 1',
    [tenant],
  );
  return head ? { head, before: before ?? null } : null;
}

/** Remembers where a head was shown. */
export async function keepWitness(
  tx: Tx,
  { batch, size, root }: Head,
  place: { channel: string; ts: string },
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into seal_witnesses (tenant_id, batch, size, root, channel, ts, posted_at)
     values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7) on conflict do nothing`,
    [tx.tenantId, batch, size, root, place.channel, place.ts, at],
  );
}
