import type { Sql } from '../db/index.ts';
import type { AccountId, TenantId } from '../lib/ids.ts';
import type { Diverted } from '../tenants/index.ts';

/*
 * A sender that a tenant puts away: nothing leaves from it any more, and what waits for it goes by another one. What customers
 * still write to it is theirs: the route stays, so that an answer or a stop finds its tenant for as long as the gateway brings
 * it.
 */

const DIVERT = {
  name: 'senders-divert',
  // routes_retired, messages_due by account, lane and tenant
  text: `with waits as (
      select m.id, (select r.account_id from routes r where r.tenant_id = m.tenant_id and r.retired_at is null
        order by (r.channel = m.channel) desc, r.channel = 'email', r.place, r.account_id limit 1) as other
      from routes d join messages m on m.account_id = d.account_id and m.priority between 0 and 3
        and m.tenant_id = d.tenant_id and m.state = 'scheduled'
      where d.retired_at is not null
      for update of m skip locked)
    update messages m set account_id = coalesce(w.other, m.account_id),
      state = case when w.other is null then 'held' else m.state end,
      reason = case when w.other is null then 'no_sender' when m.reason like 'new_people:%' then null else m.reason end
    from waits w where m.id = w.id and (w.other is not null or m.due_at <= $1)
    returning m.state`,
};

/** Gives what waits for senders that were put away to others; again and again, since a claim made before may come back. */
export async function divertRetired(sql: Sql, now: Date): Promise<Diverted> {
  const rows = await sql.query<{ state: string }>(DIVERT, [now]);
  const held = rows.filter(({ state }) => state === 'held').length;
  return { moved: rows.length - held, held };
}

/** Puts a sender away; false when the tenant does not have it (any more). */
export async function retire(sql: Sql, tenantId: TenantId, accountId: AccountId): Promise<boolean> {
  const rows = await sql.query(
    `update routes set retired_at = clock_timestamp() where tenant_id = $1 and account_id = $2 and retired_at is null
     returning account_id`,
    [tenantId, accountId],
  );
  return rows.length > 0;
}
