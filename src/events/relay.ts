import type { Database } from '../db/index.ts';
import { isKnown } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { createPump, type Pump } from '../lib/pump.ts';
import type { EffectKind } from './effects.ts';

export interface Effect {
  tenantId: TenantId;
  key: string;
  data: Record<string, string | number | boolean | null>;
  /** 1 at the first try; a handler that is not idempotent looks for its own traces from 2 on. */
  attempt: number;
}

export type EffectHandler = (effect: Effect) => Promise<void>;

/** Thrown by a handler that was told to come back later (429 with Retry-After); does not count as a failure. */
export class ComeBackLater extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super(`come back in ${seconds} s`);
    this.seconds = seconds;
  }
}

const MAX_ATTEMPTS = 8;
/** How long somebody else's outage is waited for before a person is asked. */
const MAX_OUTAGE_MS = 24 * 3_600_000;
const LONGEST_WAIT_SECONDS = 300;
/** What was taken is renewed for as long as its handler works on it, so that only a dead process's runs out. */
const LEASE_SECONDS = 20;
const RENEW_MS = 6000;

interface Row {
  id: number;
  tenant_id: TenantId;
  kind: EffectKind;
  key: string;
  data: Effect['data'];
  attempts: number;
  /** Attempts that somebody else's outage ended. */
  outages: number;
  /** For how long it has been failing; null at the first try. */
  failingMs: number | null;
  requested: number;
}

const CLAIM = {
  name: 'effects-claim',
  // served by effects_due; `in` with a limit may be asked once for each row, and then takes more than the limit
  text: `update effects set lease_until = clock_timestamp() + interval '${LEASE_SECONDS} seconds', attempts = attempts + 1
    where id = any(array(
      select id from effects
      where parked_at is null and due_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())
        and kind = any($2::text[])
      order by priority, due_at limit $1 for update skip locked))
    returning id, tenant_id, kind, key, data, attempts, outages, requested,
      extract(epoch from clock_timestamp() - failing_since)::float8 * 1000 as "failingMs"`,
};
const RENEW = {
  name: 'effects-renew',
  text: `update effects set lease_until = clock_timestamp() + interval '${LEASE_SECONDS} seconds'
    where id = any($1::bigint[]) and lease_until is not null`,
};
const DONE = {
  name: 'effects-done',
  text: `with gone as (delete from effects where id = $1 and requested = $2 returning id)
    update effects set lease_until = null, attempts = 0, outages = 0, failing_since = null, due_at = clock_timestamp()
    where id = $1 and not exists (select from gone)`,
};
const LATER = {
  name: 'effects-later',
  text: `update effects set lease_until = null, due_at = clock_timestamp() + make_interval(secs => $2), error = $3,
      attempts = attempts - $4, parked_at = case when $5 then clock_timestamp() end, outages = outages + $6,
      failing_since = case when $4 = 1 then failing_since else coalesce(failing_since, clock_timestamp()) end
    where id = $1`,
};

/**
 * Runs effects: claims them under a lease, calls the kind's handler, deletes or postpones them. What keeps failing is
 * parked, logged at ERROR, and stays visible in the table; an outage of somebody else (`unavailable`) is waited for, for a day.
 */
export function createRelay(deps: {
  db: Database;
  log: Logger;
  handlers: Partial<Record<EffectKind, EffectHandler>>;
  concurrency?: number;
  renewMs?: number;
}): Pump {
  const { db, log, handlers, concurrency = 4, renewMs = RENEW_MS } = deps;
  const kinds = Object.keys(handlers);

  async function runOne(row: Row): Promise<void> {
    try {
      await handlers[row.kind]?.({ tenantId: row.tenant_id, key: row.key, data: row.data, attempt: row.attempts });
      await db.system.query(DONE, [row.id, row.requested]);
    } catch (error) {
      const later = error instanceof ComeBackLater;
      // it may have had its effect all the same, so it counts as an attempt; only not as a failure
      const outage = isKnown(error) && error.code === 'unavailable';
      const park =
        !later && (outage ? (row.failingMs ?? 0) > MAX_OUTAGE_MS : row.attempts - row.outages >= MAX_ATTEMPTS);
      const seconds = later ? error.seconds : Math.min(LONGEST_WAIT_SECONDS, 2 ** row.attempts);
      await db.system.query(LATER, [
        row.id,
        seconds,
        error instanceof Error ? error.name : 'error',
        later ? 1 : 0,
        park,
        outage ? 1 : 0,
      ]);
      const facts = { err: error, effect: row.kind, tenant: row.tenant_id, attempt: row.attempts };
      if (park) log.error(facts, 'effect parked: it kept failing and waits for a person');
      else if (!later) log.warn(facts, 'effect failed, will be tried again');
    }
  }

  return createPump<Row>({
    atOnce: concurrency,
    renewMs,
    renew: (rows) =>
      db.system
        .query(RENEW, [rows.map(({ id }) => id)])
        .catch((error) => log.warn({ err: error }, 'effects under way could not be kept, they may be run twice')),
    take: (limit) => db.system.query<Row>(CLAIM, [limit, kinds]),
    // not even the failure could be written down: the lease runs out and somebody takes it again
    work: (row) => runOne(row).catch((error) => log.warn({ err: error, effect: row.kind }, 'effect left to its lease')),
  });
}
