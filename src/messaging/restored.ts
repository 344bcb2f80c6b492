import type { Database, Sql } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';

/*
 * A database restored from a backup does not know what has left since the backup was made, and would send it again. It is
 * told by its server: a copy of the files has the same system identifier but, once it was recovered, another timeline; a
 * copy in another server has another identifier. Where a snapshot keeps both, `npm run restore -- mark` says so. Processes that
 * run may find themselves on a copy too: a replica that was promoted under them knows nothing of what it had not been told yet.
 */

export interface Restored {
  /** The last moment that the copy knows of, and a little before it (machine time). */
  since: Date;
  /** Messages that may have left since then. */
  doubted: number;
}

/** What sent until the backup was made wrote its heartbeat every two seconds; its clock may not be ours. */
const MARGIN_SECONDS = 60;

/** Read from the newest write-ahead file: the control file may still name the timeline before. */
const SERVER = `select system_identifier::text || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as server
  from pg_control_system()`;

/** On the server that this database was last known on, said of the server that does the statement. */
export const AT_HOME = `exists (select from installation where server = (${SERVER}))`;

/** Holds everything where this is a copy that nobody has noticed yet. Asked for before anything is sent. */
export async function lookHome({ db, clock, log }: { db: Database; clock: Clock; log: Logger }): Promise<void> {
  const [row] = await db.system.query<{ home: boolean }>({
    name: 'installation-home',
    text: `select ${AT_HOME} as home`,
  });
  if (row?.home) return;
  const restored = await noticeRestore(db, clock.now());
  if (restored)
    log.error(restored, 'this database was restored: nothing leaves by itself until it is released in Slack');
}

/**
 * Looks whether this is a restored copy, before anything is sent. If so every tenant that is live waits for its admin, and
 * whatever was due is to be looked up before it leaves. Once for each restore, whoever is first; `now` is business time.
 */
export async function noticeRestore(db: Database, now: Date): Promise<Restored | undefined> {
  return db.system.transaction(async (sql) => {
    const [here] = await sql.query<{ server: string }>(SERVER);
    if (!here) throw new Error('the server does not say who it is');
    await sql.query('insert into installation (server) values ($1) on conflict (id) do nothing', [here.server]);
    const [known] = await sql.query<{ server: string }>('select server from installation for update');
    if (!known || known.server === here.server) return undefined;
    await sql.query('update installation set server = $1, noted_at = clock_timestamp()', [here.server]);
    const [restore] = await sql.query<{ since: Date }>(
      `insert into restores (since, was, became)
       select coalesce(max(seen_until), clock_timestamp()) - interval '${MARGIN_SECONDS} seconds', $1, $2 from accounts
       returning since`,
      [known.server, here.server],
    );
    if (!restore) throw new Error('the restore was not written down');
    return hold(sql, restore.since, now);
  });
}

/** Makes this database a restored copy at the next start, where its server does not tell. */
export async function markRestored(sql: Sql): Promise<void> {
  await sql.query(
    `insert into installation (server) values ('marked') on conflict (id) do update set server = 'marked'`,
  );
}

async function hold(sql: Sql, since: Date, now: Date): Promise<Restored> {
  await sql.query(
    `update tenants set waits_for = coalesce(waits_for, 'restored'), restored_since = least(restored_since, $1)`,
    [since],
  );
  // what customers sent since then is asked for, whoever has listened meanwhile
  await sql.query(`update accounts set seen_until = least(seen_until, $1) - interval '1 millisecond'`, [since]);
  await sql.query(`update sends set doubted_at = clock_timestamp() where state in ('sending', 'uncertain')`); // sends_open
  const doubts = await sql.query<{ tenantId: TenantId; n: number }>(
    `with lost as (
       update messages set lost_since = least(lost_since, $1)
       where direction = 'out' and state in ('scheduled', 'claimed', 'held', 'unconfirmed') and due_at <= $2
       returning tenant_id)
     select t.id as "tenantId", count(l.tenant_id) as n from tenants t left join lost l on l.tenant_id = t.id group by 1`,
    [since, now],
  );
  for (const { tenantId, n } of doubts) {
    await append(sql, tenantId, now, 'system', [{ type: 'tenant.restored', data: { doubted: n } }]);
  }
  return { since, doubted: doubts.reduce((sum, { n }) => sum + n, 0) };
}
