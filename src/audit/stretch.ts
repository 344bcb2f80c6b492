import type { Sql } from '../db/index.ts';
import { EVENT } from './store.ts';
import type { LoggedEvent, Round } from './types.ts';

/*
 * Which events a round may seal. Ids are given before their transactions commit, so what is committed later may carry a
 * lower id. Below the watermark, the oldest transaction that still runs, nothing can appear any more: in the order of
 * transaction and id, what is sealed only ever grows at its end, and a late commit falls into the next batch.
 */

/** A part of the order of transactions, of which a round seals the first events. */
export interface Stretch {
  cluster: string;
  era: number;
  /** Of the era are the events with ids above this. */
  floor: number;
  /** Everything up to here is sealed. */
  after: { xid: string; id: number };
  /** Only events up to this id; null: no limit. */
  ceiling: number | null;
  /** Only transactions below this; null: no limit. */
  below: string | null;
}

/** An event with the transaction that wrote it. */
export type SettledEvent = LoggedEvent & { xid: string };

const BEGINNING = { xid: '0', id: 0 };

export interface Moment {
  /** Name of the database server; empty where it does not tell. */
  cluster: string;
  /** The oldest transaction that still runs. */
  watermark: string;
  /** The next transaction to come. */
  coming: string;
}

/** What can be sealed now, in the order in which it is to be done: the second stretch when the first is empty. */
export async function stretches(sql: Sql, last: Round | undefined, now: Moment): Promise<Stretch[]> {
  const { cluster, watermark } = now;
  if (!last) return [{ cluster, era: 1, floor: 0, after: BEGINNING, ceiling: null, below: watermark }];
  const here = { cluster: last.cluster, era: last.era, floor: last.floor, after: last.until };
  if (!moved(last, now)) return [{ ...here, ceiling: null, below: watermark }];
  const ceiling = await lastOfOldServer(sql, last, now.coming);
  const fresh = { cluster, era: last.era + 1, floor: ceiling, after: BEGINNING };
  return [
    { ...here, ceiling, below: null },
    { ...fresh, ceiling: null, below: watermark },
  ];
}

/** The log was restored on another server, which counts its transactions anew. */
function moved(last: Round, { cluster, watermark }: Moment): boolean {
  const elsewhere = cluster !== '' && last.cluster !== '' && cluster !== last.cluster;
  return elsewhere || BigInt(watermark) <= BigInt(last.until.xid);
}

/**
 * An id up to which every event was written on the old server: what is sealed, and what has a transaction that this server
 * has not reached. Ids go on where they were, so those of new events are higher. What this server wrote and what it
 * cannot be told from follows in the new era.
 */
async function lastOfOldServer(sql: Sql, last: Round, coming: string): Promise<number> {
  const [row] = await sql.query<{ id: number | null }>(
    'select max(id) as id from events where xid >= $1::xid8', // events_settled
    [coming],
  );
  return Math.max(last.top, row?.id ?? 0);
}

/** No transaction comes as far. */
const LAST_XID = `'18446744073709551615'::xid8`;

const READ = {
  name: 'audit-settled',
  // events_settled, from what is sealed up to the watermark: with "is null or" in its place, a plan for any values reads
  // on through everything that waits for a transaction that does not end
  text: `select ${EVENT}, e.xid::text as xid from events e
    where e.xid >= $1::xid8 and (e.xid, e.id) > ($1::xid8, $2::bigint) and e.id > $3
      and ($4::bigint is null or e.id <= $4) and e.xid < coalesce($5::xid8, ${LAST_XID})
    order by e.xid, e.id limit $6`,
};

/** The first events of a stretch, in the order of transaction and id. */
export function readStretch(
  sql: Sql,
  { after, floor, ceiling, below }: Stretch,
  limit: number,
): Promise<SettledEvent[]> {
  return sql.query<SettledEvent>(READ, [after.xid, after.id, floor, ceiling, below, limit]);
}
