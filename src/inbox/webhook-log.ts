import type { Database, Sql } from '../db/index.ts';
import { derivedId, type TenantId } from '../lib/ids.ts';
import { keyedHash, open, seal } from '../lib/secrets.ts';

/*
 * Raw webhooks, sealed, stored before they are answered (G5). A row is `stored` until its effect is committed, `parked`
 * when it cannot be processed or routed and a person has to look.
 */

export interface StoredWebhook {
  id: string;
  source: string;
  body: Record<string, string>;
  attempts: number;
  /** Machine time. */
  receivedAt: Date;
}

export interface WebhookLog {
  /**
   * Stores a verified webhook; the same one again returns the same row. `done` says that it was processed before.
   * `sender` is the customer's address: what they sent is found by its hash when they are erased.
   */
  store(
    source: string,
    externalId: string,
    body: Record<string, string>,
    known?: {
      sender?: string;
      tenantId?: TenantId;
      /** For a tick, at once. */
      soon?: true;
      /** What follows is committed, or parked, before it is acknowledged: that takes it to the disk as well. */
      followed?: true;
    },
  ): Promise<{ id: string; done: boolean }>;
  /** The same for many of one source at once, in their order. */
  storeAll(
    source: string,
    webhooks: readonly { externalId: string; body: Record<string, string>; tenantId: TenantId; sender: string }[],
  ): Promise<{ id: string; done: boolean }[]>;
  /** Under what a sender's raw webhooks are found. */
  senderHash(sender: string): Buffer;
  /** Forgets what was finished or parked before then (machine time), at most `limit`. Returns how many. */
  forget(before: Date, limit: number): Promise<number>;
  /** `empty`: its sender was erased, so that nothing of it is kept. */
  done(id: string, outcome?: Outcome & { empty?: boolean }): Promise<void>;
  /** The same for many at once. */
  allDone(outcomes: readonly { id: string; about: string }[]): Promise<void>;
  /** A person has to look; then it can be tried again. `reason`, here and below, holds nothing personal. */
  park(id: string, reason: string, outcome?: Outcome): Promise<void>;
  /** It can never be processed: kept, and not tried again. */
  refuse(id: string, reason: string, outcome?: Outcome): Promise<void>;
  /** It is tried again by itself. `patiently`: the fault is outside, so for a day before it is parked. */
  postpone(id: string, reason: string, outcome?: Outcome & { patiently?: true }): Promise<void>;
  /** Those that were stored and not finished, each for one worker at a time; of one source, or of all others. */
  takeOpen(limit: number, which: { only: readonly string[] } | { but: readonly string[] }): Promise<StoredWebhook[]>;
  /** How many are parked; of one business, or of all. */
  parked(tenantId?: TenantId): Promise<number>;
  /** How many of each source are parked; of one business. */
  parkedBySource(tenantId: TenantId): Promise<ReadonlyMap<string, number>>;
  /** What is parked and belongs to none of several businesses, by reason, the most frequent first: whoever runs us has to look. */
  parkedOfNobody(): Promise<{ reason: string; n: number }[]>;
  /**
   * Puts what a business has parked back in line, or gives it up: it is kept as long as what was processed. Returns how
   * many. What belongs to nobody is theirs while there is only one business. `sql`: in the caller's transaction, across tenants.
   */
  decideParked(tenantId: TenantId, decision: 'retried' | 'skipped', sql?: Sql): Promise<number>;
  /** The same with what `parkedOfNobody` shows. */
  decideOfNobody(decision: 'retried' | 'skipped', sql?: Sql): Promise<number>;
  /** What was stored, as it came; undefined where it is gone, or was emptied. */
  body(id: string): Promise<Record<string, string> | undefined>;
}

/** What is known of a webhook once it was looked at. */
interface Outcome {
  /** Whose it is. */
  tenantId?: TenantId | undefined;
  /** The customer's address. */
  sender?: string | undefined;
  /** What became of it, where that is no problem: `lead`, `test`. */
  about?: string;
}

/** Attempts, up to five minutes apart, after which something is parked; what waits for another system has a day besides. */
const MAX_ATTEMPTS = 10;
const PATIENCE_HOURS = 24;
const IS_PATIENT = 'coalesce(try_until > clock_timestamp(), false)';
const OWN = '(belongs_to = $1 or (belongs_to is null and (select count(*) from tenants) = 1))';
const NOBODYS = 'belongs_to is null and (select count(*) from tenants) > 1';
/** What a decision makes of a row. */
const BECOMES = {
  retried: `'stored', attempts = 0, next_at = clock_timestamp(), try_until = null`,
  skipped: `'done'`,
} as const;

export function createWebhookLog(deps: { db: Database; key: Buffer }): WebhookLog {
  const { db, key } = deps;
  const senderHash = (sender: string) => keyedHash(key, `sender:${sender}`);

  /** `state` null: it stays as it is. What was known stays where nothing newer is. */
  async function settle(
    id: string,
    state: 'done' | 'parked' | null,
    error: string | null,
    { tenantId, sender, about }: Outcome,
    { empty = false, patiently = false } = {},
  ): Promise<void> {
    await db.system.query(
      {
        name: 'webhooks-settle',
        // what a crash takes back here is processed again, with one effect: no need to wait for the disk. What is parked may be
        // the first thing that takes it there
        text: `with soon as materialized (
            select case when $2 is distinct from 'parked' then set_config('synchronous_commit', 'off', true) end)
          update webhook_log set state = coalesce($2, state), error = $3, belongs_to = coalesce($4, belongs_to),
            sender_hash = coalesce($5, sender_hash), about = coalesce($6, about),
            body = case when $7 then ''::bytea else body end,
            try_until = case when $8 then coalesce(try_until, clock_timestamp() + interval '${PATIENCE_HOURS} hours') end
          from soon where id = $1 and body <> ''::bytea`, // what was emptied is over
      },
      [
        id,
        state,
        error,
        tenantId ?? null,
        sender === undefined ? null : senderHash(sender),
        about ?? null,
        empty,
        patiently,
      ],
    );
  }

  return {
    senderHash,
    async store(source, externalId, body, { sender, tenantId, soon, followed } = {}) {
      const id = derivedId(source, externalId);
      const sealed = seal(key, `webhook/${id}`, JSON.stringify(body));
      const [row] = await db.system.query<{ state: string }>(
        {
          name: 'webhooks-store',
          // no target: two keys say the same, and the one that is not named would be an error when copies come at once
          text: `with disk as materialized (select case when $8 then set_config('synchronous_commit', 'off', true) end),
            put as (
              insert into webhook_log (id, source, external_id, body, sender_hash, belongs_to, next_at)
              select $1, $2, $3, $4, $5, $6, clock_timestamp() + case when $7 then interval '0' else interval '10 seconds' end
              from disk on conflict do nothing returning id)
            select state from webhook_log where id = $1 and not exists (select from put)`,
        },
        [
          id,
          source,
          externalId,
          sealed,
          sender === undefined ? null : senderHash(sender),
          tenantId ?? null,
          soon === true,
          followed === true,
        ],
      );
      return { id, done: row?.state === 'done' };
    },
    async storeAll(source, all) {
      if (all.length === 0) return [];
      const ids = all.map(({ externalId }) => derivedId(source, externalId));
      const known = await db.system.query<{ id: string }>(
        {
          name: 'webhooks-store-all',
          text: `with put as (
              insert into webhook_log (id, source, external_id, body, sender_hash, belongs_to)
              select w.id, $1, w.external_id, w.body, w.sender_hash, w.belongs_to
              from unnest($2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::uuid[]) as w(id, external_id, body, sender_hash, belongs_to)
              order by w.id on conflict do nothing)
            select id from webhook_log where id = any($2::uuid[]) and state = 'done'`,
        },
        [
          source,
          ids,
          all.map(({ externalId }) => externalId),
          all.map(({ body }, at) => seal(key, `webhook/${ids[at]}`, JSON.stringify(body))),
          all.map(({ sender }) => senderHash(sender)),
          all.map(({ tenantId }) => tenantId),
        ],
      );
      const done = new Set(known.map(({ id }) => id));
      return ids.map((id) => ({ id, done: done.has(id) }));
    },
    async allDone(outcomes) {
      await db.system.query(
        {
          name: 'webhooks-all-done',
          text: `update webhook_log w set state = 'done', error = null, try_until = null, about = o.about
            from unnest($1::uuid[], $2::text[]) as o(id, about) where w.id = o.id and w.body <> ''::bytea`,
        },
        [outcomes.map(({ id }) => id), outcomes.map(({ about }) => about)],
      );
    },
    done: (id, { empty = false, ...outcome } = {}) => settle(id, 'done', null, outcome, { empty }),
    park: (id, reason, outcome = {}) => settle(id, 'parked', reason, outcome),
    refuse: (id, reason, outcome = {}) => settle(id, 'done', reason, outcome),
    postpone: (id, reason, { patiently = false, ...outcome } = {}) => settle(id, null, reason, outcome, { patiently }),
    async takeOpen(limit, which) {
      const rows = await db.system.query<Omit<StoredWebhook, 'body'> & { body: Buffer }>(
        `update webhook_log set attempts = attempts + 1,
           next_at = clock_timestamp() + least(case when ${IS_PATIENT} then 900 else 300 end, 5 * power(2, attempts)) * interval '1 second',
           state = case when attempts + 1 >= ${MAX_ATTEMPTS} and not ${IS_PATIENT} then 'parked' else state end
         where id = any(array(select id from webhook_log where state = 'stored' and next_at <= clock_timestamp()
             and (source = any($2::text[])) = $3
           order by next_at limit $1 for update skip locked))
         returning id, source, body, attempts, received_at as "receivedAt"`,
        [limit, 'only' in which ? which.only : which.but, 'only' in which],
      );
      return rows.map((row) => ({ ...row, body: JSON.parse(open(key, `webhook/${row.id}`, row.body).toString()) }));
    },
    async forget(before, limit) {
      const gone = await db.system.query(
        `delete from webhook_log where id = any(array(select id from webhook_log where state <> 'stored' and received_at < $1
           order by received_at limit $2 for update skip locked)) returning id`, // webhook_log_old
        [before, limit],
      );
      return gone.length;
    },
    async parked(tenantId) {
      const [row] = await db.system.query<{ n: number }>(
        `select count(*) as n from webhook_log where state = 'parked' and ($1::uuid is null or ${OWN})`,
        [tenantId ?? null],
      );
      return row?.n ?? 0;
    },
    async parkedBySource(tenantId) {
      const rows = await db.system.query<{ source: string; n: number }>(
        `select source, count(*)::int as n from webhook_log where state = 'parked' and ${OWN} group by 1`, // webhook_log_parked
        [tenantId],
      );
      return new Map(rows.map(({ source, n }) => [source, n]));
    },
    parkedOfNobody: () =>
      db.system.query<{ reason: string; n: number }>(
        `select coalesce(error, '') as reason, count(*)::int as n from webhook_log where state = 'parked' and ${NOBODYS}
         group by 1 order by 2 desc, 1`,
      ),
    async body(id) {
      const [row] = await db.system.query<{ body: Buffer }>('select body from webhook_log where id = $1', [id]);
      return row && row.body.length > 0 ? JSON.parse(open(key, `webhook/${id}`, row.body).toString()) : undefined;
    },
    async decideParked(tenantId, decision, sql = db.system) {
      const rows = await sql.query(
        `update webhook_log set state = ${BECOMES[decision]} where state = 'parked' and ${OWN} returning id`,
        [tenantId],
      );
      return rows.length;
    },
    async decideOfNobody(decision, sql = db.system) {
      const rows = await sql.query(
        `update webhook_log set state = ${BECOMES[decision]} where state = 'parked' and ${NOBODYS} returning id`,
      );
      return rows.length;
    },
  };
}
