import type { Sql } from '../db/index.ts';
import type { MessageId } from '../lib/ids.ts';
import { USED_TODAY } from './due.ts';
import { AT_HOME } from './restored.ts';

/** A message that is written and may leave if it is still ours. */
export interface Ready {
  id: MessageId;
  attempt: number;
  /** The claim that it was written for, by its end: a message may come back to the same worker in another claim. */
  lease: string | null;
  body: Buffer;
  templateVersion: string | null;
}

/*
 * The last look before the request: `claimed` becomes `sending` only while this very claim is ours and not expired, and
 * the attempt is written down first. A stop that committed before finds nothing here; one that comes later waits for the
 * outcome. After a restore, what may have left in the time that was lost becomes an attempt of then whose outcome is not
 * known: nothing is requested, the reconciler asks the gateway. An answer to what was said in that time counts as such too. On a
 * copy that nobody has noticed yet nothing begins, nor what is planned while it is held, however long ago somebody looked.
 */
const BEGIN = {
  name: 'messages-begin',
  text: `with lost as (
      select r.*, coalesce(m.lost_since,
        case when m.attempt = 0 and m.purpose in ('notice', 'agent') then t.restored_since end) as since,
        t.waits_for = 'restored' and m.purpose = 'cadence' as held
      from unnest($2::uuid[], $3::smallint[], $5::text[], $7::integer[], $8::integer[], $9::text[])
        as r(id, attempt, template_version, body_from, body_length, lease)
        join messages m on m.id = r.id join tenants t on t.id = m.tenant_id order by m.id for no key update of m),
    go as (
      update messages m set state = case when l.since is null then 'sending' else 'uncertain' end,
        reason = case when l.since is null then m.reason else 'restored' end, lost_since = null,
        attempt = l.attempt, lease_owner = null, lease_until = null,
        body = substring($4::bytea from l.body_from for l.body_length),
        template_version = coalesce(l.template_version, m.template_version)
      from lost l
      where m.id = l.id and m.state = 'claimed' and m.lease_owner = $1 and m.lease_until > clock_timestamp()
        and m.lease_until = l.lease::timestamptz and (l.since is not null or l.held is not true) and ${AT_HOME}
      returning m.id, m.attempt, m.tenant_id, m.account_id, m.address_id, m.channel, l.since, l.lease),
    limited as (
      select id from accounts where daily_limit is not null and id = any(array(select account_id from go)) order by id for update),
    counted as (
      update accounts a set used = g.n + ${USED_TODAY}, used_day = (clock_timestamp() at time zone 'utc')::date
      from (select account_id, count(*) as n from go group by 1) g join limited on limited.id = g.account_id where a.id = g.account_id),
    written as (
      insert into sends (message_id, attempt, tenant_id, account_id, address_id, channel, state, worker, check_at, started_at,
        doubted_at)
      select id, attempt, tenant_id, account_id, address_id, channel,
        case when since is null then 'sending' else 'uncertain' end, $1,
        clock_timestamp() + case when since is null then make_interval(secs => $6) else interval '0' end,
        coalesce(since, clock_timestamp()), case when since is not null then clock_timestamp() end
      from go)
    select id, lease from go where since is null`,
};

/**
 * Marks messages as being sent by `worker` and returns those that may leave. `checkAfterSeconds`: when the reconciler
 * may look at an attempt whose outcome never came.
 */
export async function begin<Each extends Ready>(
  sql: Sql,
  worker: number,
  ready: readonly Each[],
  checkAfterSeconds: number,
): Promise<Set<Each>> {
  // bodies go as one value: an array of them would be written and read as hexadecimal text
  const bodies = ready.map((message) => message.body);
  let next = 1;
  const starts = bodies.map((body) => {
    const start = next;
    next += body.length;
    return start;
  });
  const rows = await sql.query<{ id: MessageId; lease: string }>(BEGIN, [
    worker,
    ready.map((message) => message.id),
    ready.map((message) => message.attempt),
    Buffer.concat(bodies),
    ready.map((message) => message.templateVersion),
    checkAfterSeconds,
    starts,
    bodies.map((body) => body.length),
    ready.map((message) => message.lease),
  ]);
  const begun = new Set(rows.map(({ id, lease }) => `${id} ${lease}`));
  return new Set(ready.filter(({ id, lease }) => begun.delete(`${id} ${lease}`)));
}
