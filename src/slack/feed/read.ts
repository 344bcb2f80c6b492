import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql, Tx } from '../../db/index.ts';
import { ComeBackLater, type EventType } from '../../events/index.ts';
import type { TenantId } from '../../lib/ids.ts';

/** An event with the names that its line needs. */
export interface FeedEvent {
  id: number;
  type: EventType;
  at: Date;
  data: Record<string, unknown>;
  /** The customer, and what the lead is about (by field). */
  name: string | null;
  /** Nothing is left of the customer: what had to be done for that is no news. */
  erased: boolean;
  fields: Record<string, string> | null;
  playbook: string | null;
  /** First names are taken from these. */
  owner: string | null;
  /** Who of the staff did it; the author for a message that a person wrote. */
  colleague: string | null;
  step: string | null;
}

/** Events read at once. */
export const PAGE = 500;
const PATIENCE_MS = 1500;
const STEP_MS = 15;

/**
 * The newest event up to which nothing can appear any more. Ids are given before their transactions commit, so an event
 * may become visible after one with a higher id: we wait for the writers of this moment, who take milliseconds.
 */
export async function settledUntil(sql: Sql, tenantId: TenantId, machine: () => number): Promise<number> {
  const [seen] = await sql.query<{ last: number; writers: string }>(
    `select coalesce((select max(id) from events where tenant_id = $1), 0)::bigint as last,
       pg_snapshot_xmax(pg_current_snapshot())::text as writers`,
    [tenantId],
  );
  if (!seen) return 0;
  for (const until = machine() + PATIENCE_MS; machine() < until; await sleep(STEP_MS)) {
    const [now] = await sql.query<{ done: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as done',
      [seen.writers],
    );
    if (now?.done) return seen.last;
  }
  throw new ComeBackLater(2);
}

/** Up to where the tenant's feed was posted. The row stays locked, so that two workers never post the same. */
export async function lockCursor(tx: Tx): Promise<number> {
  const [feed] = await tx.query<{ until: number }>(
    'select posted_until as until from feeds where tenant_id = $1 for update',
    [tx.tenantId],
  );
  return feed?.until ?? 0;
}

export async function moveCursor(tx: Tx, until: number): Promise<void> {
  await tx.query('update feeds set posted_until = $2 where tenant_id = $1', [tx.tenantId, until]);
}

const NEWS = {
  name: 'feed-news',
  // events_tenant
  text: `select e.id, e.type, e.at, e.data, case when p.erased_at is null then p.name end as name, p.erased_at is not null as erased, l.fields, l.playbook, o.name as owner,
      coalesce(a.name, w.name) as colleague, m.step_key as step
    from (select * from events where tenant_id = $1 and id > $2 and id <= $3 order by id limit ${PAGE}) e
      left join leads l on l.id = e.lead_id
      left join persons p on p.id = coalesce(e.person_id, l.person_id)
      left join staff o on o.id = l.owner_id
      left join messages m on m.id = e.message_id
      left join staff a on 'staff:' || a.id = e.actor
      left join staff w on w.id = m.author_id
    order by e.id`,
};

export async function readNews(tx: Tx, after: number, until: number): Promise<FeedEvent[]> {
  return tx.query<FeedEvent>(NEWS, [tx.tenantId, after, until]);
}
