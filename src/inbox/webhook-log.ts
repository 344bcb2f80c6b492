import type { Database } from '../db/index.ts';
import { derivedId } from '../lib/ids.ts';
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
    sender?: string,
  ): Promise<{ id: string; done: boolean }>;
  /** Under what a sender's raw webhooks are found. */
  senderHash(sender: string): Buffer;
  /** Forgets what was finished or parked before then (machine time), at most `limit`. Returns how many. */
  forget(before: Date, limit: number): Promise<number>;
  /** `empty`: its sender was erased, so that nothing of it is kept. */
  done(id: string, empty?: boolean): Promise<void>;
  park(id: string, reason: string): Promise<void>;
  /** It can never be processed: kept, and not tried again. `reason` holds nothing personal. */
  refuse(id: string, reason: string): Promise<void>;
  /** Those that were stored and not finished, each for one worker at a time; of one source, or of all others. */
  takeOpen(limit: number, which: { only: string } | { but: string }): Promise<StoredWebhook[]>;
  parked(): Promise<number>;
  /** Puts what is parked back in line, or gives it up: it is kept as long as what was processed. Returns how many. */
  decideParked(decision: 'retried' | 'skipped'): Promise<number>;
}

const MAX_ATTEMPTS = 10;

export function createWebhookLog(deps: { db: Database; key: Buffer }): WebhookLog {
  const { db, key } = deps;
  const senderHash = (sender: string) => keyedHash(key, `sender:${sender}`);
  return {
    senderHash,
    async store(source, externalId, body, sender) {
      const id = derivedId(source, externalId);
      const sealed = seal(key, `webhook/${id}`, JSON.stringify(body));
      const [row] = await db.system.query<{ state: string }>(
        {
          name: 'webhooks-store',
          text: `insert into webhook_log (id, source, external_id, body, sender_hash) values ($1, $2, $3, $4, $5)
            on conflict (source, external_id) do update set attempts = webhook_log.attempts returning state`,
        },
        [id, source, externalId, sealed, sender === undefined ? null : senderHash(sender)],
      );
      return { id, done: row?.state === 'done' };
    },
    async done(id, empty = false) {
      await db.system.query(
        {
          name: 'webhooks-done',
          // what a crash takes back here is processed again, with one effect: no need to wait for the disk
          text: `with soon as materialized (select set_config('synchronous_commit', 'off', true))
            update webhook_log set state = 'done', error = null, body = case when $2 then ''::bytea else body end
            from soon where id = $1`,
        },
        [id, empty],
      );
    },
    async park(id, reason) {
      await db.system.query(`update webhook_log set state = 'parked', error = $2 where id = $1`, [id, reason]);
    },
    async refuse(id, reason) {
      await db.system.query(`update webhook_log set state = 'done', error = $2 where id = $1`, [id, reason]);
    },
    async takeOpen(limit, which) {
      const rows = await db.system.query<{ id: string; source: string; body: Buffer; attempts: number }>(
        `update webhook_log set attempts = attempts + 1,
           next_at = clock_timestamp() + least(300, 5 * power(2, attempts)) * interval '1 second',
           state = case when attempts + 1 >= ${MAX_ATTEMPTS} then 'parked' else state end
         where id in (select id from webhook_log where state = 'stored' and next_at <= clock_timestamp()
             and (source = $2) = $3
           order by next_at limit $1 for update skip locked)
         returning id, source, body, attempts`,
        [limit, 'only' in which ? which.only : which.but, 'only' in which],
      );
      return rows.map((row) => ({ ...row, body: JSON.parse(open(key, `webhook/${row.id}`, row.body).toString()) }));
    },
    async forget(before, limit) {
      const gone = await db.system.query(
        `delete from webhook_log where id in (select id from webhook_log where state <> 'stored' and received_at < $1
           order by received_at limit $2 for update skip locked) returning id`, // webhook_log_old
        [before, limit],
      );
      return gone.length;
    },
    async parked() {
      const [row] = await db.system.query<{ n: number }>(
        `select count(*) as n from webhook_log where state = 'parked'`,
      );
      return row?.n ?? 0;
    },
    async decideParked(decision) {
      const rows = await db.system.query(
        decision === 'retried'
          ? `update webhook_log set state = 'stored', attempts = 0, next_at = clock_timestamp() where state = 'parked' returning id`
          : `update webhook_log set state = 'done' where state = 'parked' returning id`,
      );
      return rows.length;
    },
  };
}
