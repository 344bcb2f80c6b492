import type { Tx } from '../../db/index.ts';
import { wake } from '../../events/index.ts';
import type { AccountId } from '../../lib/ids.ts';

export interface QueueFacts {
  /** Messages whose time has come and that have not left. */
  due: number;
  oldest: Date | null;
  /** May have left; a person decides. */
  unconfirmed: number;
  /** Wait for a person or a condition. */
  held: number;
  /** Follow-ups of something that happened (a card, a photo) that kept failing. */
  parked: number;
}

/** What waits in one tenant. */
export async function queueFacts(tx: Tx, accounts: readonly AccountId[], now: Date): Promise<QueueFacts> {
  const [facts] = await tx.query<QueueFacts>(
    // messages_due, by every lane of the tenant's senders
    `with due as (
       select count(*) as n, min(due_at) as oldest from messages
       where account_id = any($1::uuid[]) and priority = any('{0,1,2,3}') and tenant_id = $2 and due_at <= $3
         and state = 'scheduled'),
     waiting as (
       select count(*) filter (where state = 'unconfirmed') as unconfirmed, count(*) filter (where state = 'held') as held
       from messages where tenant_id = $2 and state in ('unconfirmed', 'held'))
     select due.n as due, due.oldest, waiting.unconfirmed, waiting.held,
       (select count(*) from effects where parked_at is not null) as parked
     from due, waiting`,
    [accounts, tx.tenantId, now],
  );
  return facts ?? { due: 0, oldest: null, unconfirmed: 0, held: 0, parked: 0 };
}

/** Puts the tenant's parked effects back in line. Returns how many. */
export async function retryEffects(tx: Tx): Promise<number> {
  const rows = await tx.query(
    `update effects set parked_at = null, attempts = 0, due_at = clock_timestamp(), lease_until = null
     where parked_at is not null returning id`,
  );
  if (rows.length > 0) await wake(tx, 'effects');
  return rows.length;
}

/** Follow-ups that are running or paused. */
export async function activeFollowUps(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    // enrolments_one_active
    `select count(*) as n from enrolments where state in ('active', 'paused')`,
  );
  return row?.n ?? 0;
}
