import type { Sql, Tx } from '../db/index.ts';
import { ComeBackLater, type NewEffect, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { memo } from '../lib/memo.ts';
import type { Bucket } from './port.ts';
import { isInEu, type Residency } from './regions.ts';

/*
 * Sealed photos in an object store. A *blob* has a row before it has bytes, and loses it after them: whatever line a
 * process dies on, nothing stays in a bucket that no row knows of.
 */

/** A bucket as it answered when it was last asked. */
export interface BucketState {
  name: string;
  /** What the bucket itself says; undefined when it did not answer. */
  region: string | undefined;
}

export interface Blobs {
  /** False: photos stay in the database. */
  readonly outside: boolean;
  /**
   * Writes sealed bytes into the first bucket that answers and lies where they may be. Returns its name. Throws
   * `misconfigured` when none lies there, `unavailable` when none answers.
   */
  put(tenantId: TenantId, id: string, bytes: Buffer, residency: Residency): Promise<string>;
  /** Reads from the bucket it was written to, else from any other. Undefined when all say that it is not there. */
  get(tenantId: TenantId, id: string, bucket: string | null): Promise<Buffer | undefined>;
  /**
   * Removes from every bucket. `bucket` is where it was written to. Throws `ComeBackLater` while one of them does not
   * answer, `misconfigured` when we no longer know the one it was written to.
   */
  remove(tenantId: TenantId, id: string, bucket: string | null): Promise<void>;
  /** Asks every bucket for its region; not more often than once an hour unless it did not answer. */
  states(): Promise<BucketState[]>;
}

/** How long a bucket's word for its region counts, in machine time. */
const FRESH_MS = 60 * 60 * 1000;
const AGAIN_SECONDS = 60;

const keyOf = (tenantId: TenantId, id: string) => `${tenantId}/${id}`;

/** `buckets` in the order in which they are written to; none keeps photos in the database. */
export function createBlobs(deps: { buckets: readonly Bucket[]; clock: Clock; log: Logger }): Blobs {
  const { buckets, log } = deps;
  const regions = memo(deps.clock, FRESH_MS, (bucket: Bucket) => bucket.region());

  async function regionOf(bucket: Bucket): Promise<string | undefined> {
    return regions.get(bucket).catch((error) => {
      log.warn({ err: error, bucket: bucket.name }, 'a bucket does not say where it is');
      return undefined;
    });
  }

  return {
    outside: buckets.length > 0,
    async put(tenantId, id, bytes, residency) {
      const abroad: BucketState[] = [];
      for (const bucket of buckets) {
        // never written to before it has said where it is, wherever the business keeps its photos
        const region = await regionOf(bucket);
        if (region === undefined) continue;
        if (residency === 'eu' && !isInEu(region)) {
          abroad.push({ name: bucket.name, region });
          continue;
        }
        try {
          await bucket.put(keyOf(tenantId, id), bytes);
          return bucket.name;
        } catch (error) {
          log.warn({ err: error, bucket: bucket.name }, 'a bucket did not take a photo');
        }
      }
      throw abroad.length > 0 ? outsideEu(abroad) : silent();
    },
    async get(tenantId, id, bucket) {
      const first = buckets.filter(({ name }) => name === bucket);
      let failed = false;
      for (const each of [...first, ...buckets.filter(({ name }) => name !== bucket)]) {
        try {
          const bytes = await each.get(keyOf(tenantId, id));
          if (bytes) return bytes;
        } catch (error) {
          failed = true;
          log.warn({ err: error, bucket: each.name }, 'a bucket did not hand out a photo');
        }
      }
      if (failed) throw silent();
      return undefined;
    },
    async remove(tenantId, id, bucket) {
      if (bucket !== null && !buckets.some(({ name }) => name === bucket)) throw unknownBucket(bucket);
      const results = await Promise.allSettled(buckets.map((bucket) => bucket.remove(keyOf(tenantId, id))));
      const failed = results.find((result) => result.status === 'rejected');
      if (!failed) return;
      log.warn({ err: failed.reason }, 'a bucket did not delete a photo, it is asked again');
      throw new ComeBackLater(AGAIN_SECONDS);
    },
    states: () => Promise.all(buckets.map(async (bucket) => ({ name: bucket.name, region: await regionOf(bucket) }))),
  };
}

/** Says that bytes are about to be written. */
export async function beginBlob(tx: Tx, id: string): Promise<void> {
  await tx.query(`insert into blobs (id, tenant_id, state) values ($1, $2, 'writing')`, [id, tx.tenantId]);
}

/** The bytes are there and belong to something. False when they were given up meanwhile: it took too long. */
export async function keepBlob(tx: Tx, id: string, bucket: string): Promise<boolean> {
  const kept = await tx.query(
    `update blobs set state = 'kept', bucket = $2, changed_at = clock_timestamp() where id = $1 and state = 'writing' returning id`,
    [id, bucket],
  );
  return kept.length > 0;
}

/** Gives up blobs, with what they belonged to: their bytes are removed soon. Ids without a blob are left out of what it returns. */
export async function dropBlobs(sql: Sql, tenantId: TenantId, ids: readonly string[]): Promise<string[]> {
  const dropped = await sql.query<{ id: string }>(
    `update blobs set state = 'deleting', changed_at = clock_timestamp()
     where id = any($1::uuid[]) and tenant_id = $2 and state <> 'deleting' returning id`,
    [ids, tenantId],
  );
  const effects = dropped.map(({ id }): NewEffect => ({ kind: 'blob.delete', key: id }));
  await request(sql, tenantId, effects);
  return dropped.map(({ id }) => id);
}

/** Gives up what was begun long ago and never finished: the process died over it. Returns how many. */
export async function sweepBlobs(sql: Sql): Promise<number> {
  const left = await sql.query<{ id: string; tenantId: TenantId }>(
    `select id, tenant_id as "tenantId" from blobs
     where state = 'writing' and changed_at < clock_timestamp() - interval '1 hour' limit 500`, // blobs_unfinished
  );
  for (const { id, tenantId } of left) await dropBlobs(sql, tenantId, [id]);
  return left.length;
}

function outsideEu(abroad: readonly BucketState[]): KnownError {
  const where = abroad.map(({ name, region }) => `${name} is in ${region}`).join(', ');
  return new KnownError(
    'misconfigured',
    `no bucket in the EU answers: ${where}`,
    `The photo was not stored: this business keeps its photos in the EU, and ${where}. Please tell an admin: \`/rescue privacy\` shows where photos may go.`,
  );
}

function unknownBucket(bucket: string): KnownError {
  const words = `A photo has to be deleted in the bucket ${bucket}, which is not configured any more. Name it as S3_FAILOVER_BUCKET until that is done.`;
  return new KnownError('misconfigured', `bucket ${bucket} is not known any more`, words);
}

function silent(): KnownError {
  const words = 'The store of the photos does not answer. Try again in a few minutes.';
  return new KnownError('unavailable', 'no bucket answers', words);
}
