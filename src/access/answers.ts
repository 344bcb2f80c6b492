import type { Database } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import { keyedHash, open, seal } from '../lib/secrets.ts';
import type { Tenants } from '../tenants/index.ts';
import type { ApiKey } from './types.ts';

/** What a request was answered. */
export interface Answered {
  status: number;
  /** JSON. */
  body: unknown;
}

/** What is known of a request whose sender gave it an idempotency key. */
export type Seen =
  | { kind: 'new' }
  | { kind: 'answered'; answer: Answered }
  /** The key belongs to another request. */
  | { kind: 'other' }
  /** The same request is being worked on. */
  | { kind: 'busy' };

/**
 * Answers of requests with an idempotency key, for a day. A process that dies in between leaves a lease that runs out;
 * what is asked for after that finds what was done by ids derived from the same key.
 */
export interface AnswerLog {
  begin(key: ApiKey, idempotencyKey: string, request: string): Promise<Seen>;
  finish(key: ApiKey, idempotencyKey: string, answer: Answered): Promise<void>;
  /** Nothing was done: the same key may be used for another try. */
  drop(key: ApiKey, idempotencyKey: string): Promise<void>;
}

const LEASE_MS = 25_000;
const KEEP_MS = 24 * 60 * 60_000;

interface Row {
  requestHash: Buffer;
  leaseUntil: Date | null;
  status: number | null;
  answer: Buffer | null;
}

const placeOf = (key: ApiKey, idempotencyKey: string) => `${key.tenantId}/api_answers/${key.id}/${idempotencyKey}`;

export function createAnswerLog(deps: { db: Database; clock: Clock; tenants: Tenants }): AnswerLog {
  const { db, clock, tenants } = deps;
  return {
    async begin(key, idempotencyKey, request) {
      const { data } = await tenants.keys(key.tenantId);
      const hash = keyedHash(data, `api request\n${request}`);
      const now = clock.machine();
      const lease = new Date(now + LEASE_MS);
      return db.inTenant(key.tenantId, async (tx): Promise<Seen> => {
        await tx.query('delete from api_answers where tenant_id = $1 and created_at < $2', [
          tx.tenantId,
          new Date(now - KEEP_MS),
        ]); // api_answers_age
        const inserted = await tx.query(
          `insert into api_answers (tenant_id, key_id, idempotency_key, request_hash, lease_until, created_at)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning key_id`,
          [tx.tenantId, key.id, idempotencyKey, hash, lease, new Date(now)],
        );
        if (inserted.length > 0) return { kind: 'new' };
        const [row] = await tx.query<Row>(
          `select request_hash as "requestHash", lease_until as "leaseUntil", status, answer from api_answers
           where key_id = $1 and idempotency_key = $2 for update`,
          [key.id, idempotencyKey],
        );
        if (!row) return { kind: 'busy' }; // dropped at this moment
        if (!row.requestHash.equals(hash)) return { kind: 'other' };
        if (row.status !== null && row.answer) {
          const body: unknown = JSON.parse(open(data, placeOf(key, idempotencyKey), row.answer).toString());
          return { kind: 'answered', answer: { status: row.status, body } };
        }
        if (row.leaseUntil && row.leaseUntil.getTime() > now) return { kind: 'busy' };
        await tx.query('update api_answers set lease_until = $3 where key_id = $1 and idempotency_key = $2', [
          key.id,
          idempotencyKey,
          lease,
        ]);
        return { kind: 'new' };
      });
    },
    async finish(key, idempotencyKey, { status, body }) {
      const { data } = await tenants.keys(key.tenantId);
      const sealed = seal(data, placeOf(key, idempotencyKey), JSON.stringify(body));
      await db.inTenant(key.tenantId, (tx) =>
        tx.query(
          `update api_answers set status = $3, answer = $4, lease_until = null
           where key_id = $1 and idempotency_key = $2`,
          [key.id, idempotencyKey, status, sealed],
        ),
      );
    },
    async drop(key, idempotencyKey) {
      await db.inTenant(key.tenantId, (tx) =>
        tx.query('delete from api_answers where key_id = $1 and idempotency_key = $2 and answer is null', [
          key.id,
          idempotencyKey,
        ]),
      );
    },
  };
}
