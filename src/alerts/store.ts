import type { Sql, Tx } from '../db/index.ts';
import type { AlertId, LeadId, StaffId, TenantId } from '../lib/ids.ts';
import { FOUND } from './detect.ts';
import { ALERT_KINDS, type AlertKindKey } from './kinds.ts';
import type { Alert, AlertPost } from './types.ts';

/** An item that is new, or something that has changed about a known one (`changed`), or is over (`gone`). */
export interface News {
  what: 'fresh' | 'changed' | 'gone';
  tenantId: TenantId;
  kind: AlertKindKey;
  subject: string;
  leadId: LeadId | null;
  since: Date;
  about: string;
  /** The alert of a known item. */
  alertId: AlertId | null;
}

export interface OpenAlert {
  id: AlertId;
  tenantId: TenantId;
  kind: AlertKindKey;
  openedAt: Date;
  acknowledged: boolean;
  rings: number;
  rungAt: Date;
}

/** Any number: which lock it is. */
const LOCK = 7_130_013;
const SETTLES = Object.entries(ALERT_KINDS).map(([kind, { settleSeconds }]) => [kind, settleSeconds] as const);

/** One worker looks at a time. */
export async function isAlone(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [LOCK]);
  return row?.mine ?? false;
}

const LOOK = {
  name: 'alerts-look',
  text: `with found as materialized (${FOUND}),
      gone as (delete from alert_items i
        where not exists (select from found f where f.tenant_id = i.tenant_id and f.kind = i.kind and f.subject = i.subject)
          and i.seen_at <= clock_timestamp() - make_interval(secs => coalesce(
            (select s.seconds from unnest($2::text[], $3::int[]) as s(kind, seconds) where s.kind = i.kind), 0))
        returning i.*),
      seen as (update alert_items i set seen_at = clock_timestamp(), about = f.about
        from found f, alert_items old
        where f.tenant_id = i.tenant_id and f.kind = i.kind and f.subject = i.subject
          and old.tenant_id = i.tenant_id and old.kind = i.kind and old.subject = i.subject
          and (i.about <> f.about or i.seen_at < clock_timestamp() - interval '15 seconds')
        returning i.*, old.about <> i.about as is_new)
    select 'fresh' as what, f.tenant_id as "tenantId", f.kind, f.subject, f.lead_id as "leadId", f.since, f.about,
      null::uuid as "alertId" from found f
      where not exists (select from alert_items i where i.tenant_id = f.tenant_id and i.kind = f.kind and i.subject = f.subject)
    union all select 'gone', tenant_id, kind, subject, lead_id, since, about, alert_id from gone
    union all select 'changed', tenant_id, kind, subject, lead_id, since, about, alert_id from seen where is_new`,
};

/** Looks at all tenants, keeps what is known up to date, and gives what is new about it. */
export const look = (sql: Sql, now: Date): Promise<News[]> =>
  sql.query<News>(LOOK, [now, SETTLES.map(([kind]) => kind), SETTLES.map(([, seconds]) => seconds)]);

/** Every open alert; alerts_open. */
export const openAlerts = (sql: Sql): Promise<OpenAlert[]> =>
  sql.query<OpenAlert>(
    `select id, tenant_id as "tenantId", kind, opened_at as "openedAt", acknowledged_at is not null as acknowledged, rings,
       rung_at as "rungAt" from alerts where closed_at is null for update`,
  );

export async function close(sql: Sql, ids: readonly AlertId[], ended: 'over' | 'followed', now: Date): Promise<void> {
  if (ids.length === 0) return;
  await sql.query('update alerts set closed_at = $3, ended = $2 where id = any($1::uuid[])', [ids, ended, now]);
}

export async function insertAlerts(
  sql: Sql,
  rows: readonly { id: AlertId; tenantId: TenantId; kind: AlertKindKey }[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `insert into alerts (id, tenant_id, kind, opened_at, rung_at)
     select id, tenant_id, kind, $4, $4 from unnest($1::uuid[], $2::uuid[], $3::text[]) as a(id, tenant_id, kind)`,
    [rows.map(({ id }) => id), rows.map(({ tenantId }) => tenantId), rows.map(({ kind }) => kind), now],
  );
  // what is so still goes on in the new one
  await sql.query(
    `with moved as (update alert_items i set alert_id = a.id from alerts a
       where a.id = any($1::uuid[]) and i.tenant_id = a.tenant_id and i.kind = a.kind returning a.id)
     update alerts a set total = m.n from (select id, count(*) as n from moved group by id) m where a.id = m.id`,
    [rows.map(({ id }) => id)],
  );
}

export async function insertItems(sql: Sql, items: readonly (News & { alertId: AlertId })[]): Promise<void> {
  if (items.length === 0) return;
  await sql.query(
    `with added as (insert into alert_items (tenant_id, kind, subject, alert_id, lead_id, about, since, seen_at)
       select i.*, clock_timestamp() from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[],
         $7::timestamptz[]) as i returning alert_id)
     update alerts a set total = total + n from (select alert_id, count(*) as n from added group by alert_id) c
     where a.id = c.alert_id`,
    [
      items.map(({ tenantId }) => tenantId),
      items.map(({ kind }) => kind),
      items.map(({ subject }) => subject),
      items.map(({ alertId }) => alertId),
      items.map(({ leadId }) => leadId),
      items.map(({ about }) => about),
      items.map(({ since }) => since),
    ],
  );
}

/** Closes those of which nothing is so any more; alert_items_alert. */
export const closeOver = (sql: Sql, ids: readonly AlertId[], now: Date): Promise<{ id: AlertId }[]> =>
  sql.query(
    `update alerts a set closed_at = $2, ended = 'over'
     where id = any($1::uuid[]) and closed_at is null and not exists (select from alert_items i where i.alert_id = a.id)
     returning id`,
    [ids, now],
  );

export async function ringAgain(sql: Sql, ids: readonly AlertId[], now: Date): Promise<void> {
  await sql.query('update alerts set rings = rings + 1, rung_at = $2 where id = any($1::uuid[])', [ids, now]);
}

const SHOWN = `select a.id, a.kind, a.opened_at as "openedAt", a.total, a.rings, a.acknowledged_by as "acknowledgedBy",
    a.acknowledged_at as "acknowledgedAt", a.closed_at as "closedAt", a.ended,
    coalesce((select jsonb_agg(jsonb_build_object('subject', i.subject, 'leadId', i.lead_id, 'about', i.about,
      'since', i.since) order by i.since, i.subject) from alert_items i where i.alert_id = a.id), '[]') as items
  from alerts a`;

interface Shown extends Omit<Alert, 'items'> {
  items: (Omit<Alert['items'][number], 'since'> & { since: string })[];
}

const revived = ({ items, ...alert }: Shown): Alert => ({
  ...alert,
  items: items.map((item) => ({ ...item, since: new Date(item.since) })),
});

export async function findAlert(tx: Tx, id: AlertId): Promise<Alert | undefined> {
  const [row] = await tx.query<Shown>(`${SHOWN} where a.id = $1`, [id]);
  return row && revived(row);
}

/** Those that are open, the newest first; alerts_open. */
export async function listOpen(tx: Tx): Promise<Alert[]> {
  const rows = await tx.query<Shown>(
    `${SHOWN} where a.tenant_id = $1 and a.closed_at is null order by a.opened_at desc, a.id`,
    [tx.tenantId],
  );
  return rows.map(revived);
}

/** False when somebody was faster, or it is over. */
export async function acknowledge(tx: Tx, id: AlertId, by: StaffId, now: Date): Promise<boolean> {
  const rows = await tx.query(
    `update alerts set acknowledged_by = $2, acknowledged_at = $3
     where id = $1 and acknowledged_at is null and closed_at is null returning id`,
    [id, by, now],
  );
  return rows.length > 0;
}

export const postsOf = (tx: Tx, id: AlertId): Promise<AlertPost[]> =>
  tx.query<AlertPost>('select receiver, ring, channel, ts from alert_posts where alert_id = $1 order by ring', [id]);

export async function keepPost(tx: Tx, id: AlertId, { receiver, ring, channel, ts }: AlertPost): Promise<void> {
  await tx.query(
    `insert into alert_posts (tenant_id, alert_id, receiver, ring, channel, ts) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [tx.tenantId, id, receiver, ring, channel, ts],
  );
}
