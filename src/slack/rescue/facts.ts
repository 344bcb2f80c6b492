import type { Tx } from '../../db/index.ts';
import type { AccountId } from '../../lib/ids.ts';

/** Events that are looked through for what left lately. */
const LOOK_BACK = 2000;

export interface QueueFacts {
  /** Messages whose time has come and that have not left. */
  due: number;
  oldest: Date | null;
  /** May have left; a person decides. */
  unconfirmed: number;
  /** Wait for a person or a condition. */
  held: number;
  /** On their way right now, and those of which nobody knows yet whether they left. */
  leaving: number;
  uncertain: number;
  /** To be looked up after a restore, before they leave. */
  lost: number;
  /** What most of them wait for. */
  holds: { reason: string; n: number }[];
  /** How late messages left in the last hour, in seconds; null when none did. */
  lateness: { half: number; most: number } | null;
  /** What gateways refused most in 24 hours, by their code. */
  errors: { code: string; n: number }[];
}

/** What waits in one tenant. */
export async function queueFacts(tx: Tx, accounts: readonly AccountId[], now: Date): Promise<QueueFacts> {
  const [facts] = await tx.query<QueueFacts>(
    // messages_due, by every lane of the tenant's senders
    `with due as (
       select count(*) as n, min(due_at) as oldest from messages
       where account_id = any($1::uuid[]) and priority = any('{0,1,2,3}') and tenant_id = $2 and due_at <= $3
         and state = 'scheduled'),
     waiting as ( -- messages_waiting
       select state, reason, count(*) as n from messages
       where tenant_id = $2 and state in ('unconfirmed', 'held') group by 1, 2),
     left_lately as ( -- events_tenant: the newest ones are enough
       select extract(epoch from greatest(m.sent_at - m.due_at, interval '0'))::float as late
       from (select message_id from events where tenant_id = $2 order by id desc limit ${LOOK_BACK}) e
         join messages m on m.id = e.message_id
       where m.direction = 'out' and m.sent_at > $3::timestamptz - interval '1 hour'),
     errors as ( -- sends_refused
       select coalesce(code, '') as code, count(*) as n from sends
       where account_id = any($1::uuid[]) and tenant_id = $2 and state = 'not_sent' and code <> ''
         and started_at > clock_timestamp() - interval '24 hours'
       group by 1 order by 2 desc, 1 limit 3)
     select due.n as due, due.oldest,
       (select coalesce(sum(n), 0) from waiting where state = 'unconfirmed')::int as unconfirmed,
       (select coalesce(sum(n), 0) from waiting where state = 'held')::int as held,
       (select coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'n', n) order by n desc), '[]')
         from waiting where state = 'held') as holds,
       (select count(*) from messages where state = 'claimed' and tenant_id = $2) as leaving, -- messages_leased
       (select count(*) from sends where state in ('sending', 'uncertain') and tenant_id = $2) as uncertain, -- sends_open
       (select count(*) from messages where lost_since is not null and tenant_id = $2) as lost, -- messages_lost
       (select case when count(*) > 0 then jsonb_build_object(
           'half', percentile_cont(0.5) within group (order by late),
           'most', percentile_cont(0.99) within group (order by late)) end from left_lately) as lateness,
       (select coalesce(jsonb_agg(jsonb_build_object('code', code, 'n', n)), '[]') from errors) as errors
     from due`,
    [accounts, tx.tenantId, now],
  );
  if (!facts) throw new Error('the queue was not counted');
  return facts;
}

/** Follow-ups that are running or paused. */
export async function activeFollowUps(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    // enrolments_one_active
    `select count(*) as n from enrolments where state in ('active', 'paused')`,
  );
  return row?.n ?? 0;
}
