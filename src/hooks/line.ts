import type { Database } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { HookId, TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { createPump, type Pump } from '../lib/pump.ts';
import { open } from '../lib/secrets.ts';
import type { Tenants } from '../tenants/index.ts';
import { secretPlace } from './book.ts';
import type { HookOutcome, HookSender } from './port.ts';
import { SIGNATURE_HEADER, signatureOf } from './sign.ts';
import { RETRY_SECONDS } from './types.ts';

interface Due {
  id: string;
  tenantId: TenantId;
  hookId: HookId;
  attempts: number;
  url: string;
  secret: Buffer;
  eventId: number;
  type: string;
  at: Date;
  personId: string | null;
  leadId: string | null;
  messageId: string | null;
  data: Record<string, unknown>;
}

/** Longer than a delivery takes; after it somebody else's process has died with it, and it is sent again. */
const LEASE_MS = 20_000;
const AT_ONCE = 8;
const KEEP_MS = 30 * 24 * 60 * 60_000;

/** Of one hook, so that one that hangs leaves room for the others. */
const AT_ONCE_TO_ONE = 2;
/** Failures of a hook in a row after which whatever is due there counts as tried with the one that failed. */
const IN_A_ROW = 3;

const FREE = `state = 'due' and due_at <= $1 and (lease_until is null or lease_until < $1)`;

const CLAIM = {
  name: 'hooks-claim',
  // hook_deliveries_next, hook_deliveries_leased
  text: `with next as (
      select d.id from hooks h cross join lateral (
        select id, due_at from hook_deliveries where hook_id = h.id and ${FREE} order by due_at
        limit greatest(0, ${AT_ONCE_TO_ONE} - (select count(*) from hook_deliveries l
          where l.hook_id = h.id and l.lease_until is not null and l.lease_until >= $1))) d
      order by d.due_at limit $3),
    due as (select id from hook_deliveries where id in (select id from next) and ${FREE} for update skip locked),
    claimed as (
      update hook_deliveries d set lease_until = $2, attempts = d.attempts + 1 from due where d.id = due.id returning d.*)
    select c.id, c.tenant_id as "tenantId", c.hook_id as "hookId", c.attempts, h.url, h.secret, e.id as "eventId", e.type,
      e.at, e.person_id as "personId", e.lead_id as "leadId", e.message_id as "messageId", e.data
    from claimed c join hooks h on h.id = c.hook_id join events e on e.id = c.event_id`,
};

const PUT_OFF = {
  name: 'hooks-put-off',
  // hook_deliveries_next; no wait is left after the last one
  text: `update hook_deliveries set attempts = attempts + 1, status = null, error = 'not_tried',
      state = case when attempts < cardinality($3::int[]) then 'due' else 'parked' end,
      due_at = $1 + make_interval(secs => coalesce(($3::int[])[attempts + 1], 0)),
      settled_at = case when attempts < cardinality($3::int[]) then null else $1 end
    where hook_id = $2 and ${FREE}`,
};

/**
 * Takes due deliveries to their hooks, from any tenant, a few at once; woken like the relays of effects. Delivered at
 * least once and in no fixed order: receivers tell repeats by the delivery's id, and order by the event's. What is due
 * at a hook that keeps failing shares the fate of the few that were tried: each has its own next wait, and its own end.
 */
export function createHookLine(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  sender: HookSender;
}): Pump {
  const { db, clock, log, tenants, sender } = deps;
  /** Failures in a row, in this process. */
  const failures = new Map<HookId, number>();

  async function post(due: Due): Promise<HookOutcome> {
    const { data } = await tenants.keys(due.tenantId);
    const secret = open(data, secretPlace(due.tenantId, due.hookId), due.secret).toString();
    const body = bodyOf(due);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'LeadRescue-Webhooks/2',
      'leadrescue-delivery': due.id,
      'leadrescue-event': due.type,
      [SIGNATURE_HEADER.toLowerCase()]: signatureOf(secret, clock.machine(), body),
    };
    return sender.post(due.url, headers, body);
  }

  /** What cannot even be written is tried and parked like any other, so that somebody sees it. */
  async function deliver(due: Due): Promise<void> {
    const outcome = await post(due).catch((error): HookOutcome => {
      log.warn({ err: error, hook: due.hookId }, 'webhook could not be written');
      return { kind: 'failed', code: 'internal' };
    });
    await settle(due, outcome);
  }

  async function settle(due: Due, outcome: HookOutcome): Promise<void> {
    const ok = outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
    const wait = outcome.kind === 'forbidden' ? undefined : RETRY_SECONDS[due.attempts - 1];
    const state = ok ? 'delivered' : wait === undefined ? 'parked' : 'due';
    const now = clock.machine();
    await db.system.query(
      // a replay or a removal meanwhile has the last word
      `update hook_deliveries set state = $3, status = $4, error = $5, due_at = $6, lease_until = null, settled_at = $7
       where id = $1 and attempts = $2 and state = 'due'`,
      [
        due.id,
        due.attempts,
        state,
        outcome.kind === 'answered' ? outcome.status : null,
        outcome.kind === 'answered' ? null : outcome.code,
        new Date(now + (wait ?? 0) * 1000),
        state === 'due' ? null : new Date(now),
      ],
    );
    const inARow = (failures.get(due.hookId) ?? 0) + 1;
    if (ok) failures.delete(due.hookId);
    else failures.set(due.hookId, inARow);
    if (!ok && inARow >= IN_A_ROW) await db.system.query(PUT_OFF, [new Date(now), due.hookId, RETRY_SECONDS]);
    if (state === 'parked') log.warn({ hook: due.hookId, tenant: due.tenantId }, 'webhook parked: it kept failing');
  }

  return createPump<Due>({
    atOnce: AT_ONCE,
    take: (limit) => {
      const now = clock.machine();
      return db.system.query<Due>(CLAIM, [new Date(now), new Date(now + LEASE_MS), limit]);
    },
    work: (due) =>
      deliver(due).catch((error) => log.warn({ err: error, hook: due.hookId }, 'webhook left to its lease')),
  });
}

/** Facts and ids, as in the log; who wants a name or a number asks the API for the lead. */
function bodyOf({ id, type, at, eventId, leadId, personId, messageId, data }: Due): string {
  const { commitment: _, ...facts } = data;
  return JSON.stringify({ id, type, at: at.toISOString(), eventId, leadId, personId, messageId, data: facts });
}

/** Deletes what was settled a month ago; returns how many. */
export async function forgetDeliveries(db: Database, machine: number): Promise<number> {
  const gone = await db.system.query('delete from hook_deliveries where settled_at < $1 returning id', [
    new Date(machine - KEEP_MS),
  ]); // hook_deliveries_settled
  return gone.length;
}
