import type { Sql } from '../db/index.ts';
import { leafOf } from './canonical.ts';
import { EMPTY_TREE, grow, HASH_BYTES, hashNode, rootOf, splitHashes } from './merkle.ts';
import { consistencyRanges, inclusionRanges, type Range } from './proofs.ts';
import { EVENT, HEAD } from './store.ts';
import type { Head, LoggedEvent } from './types.ts';

/** Shows that one event stands in the log under a signed head. Needs nothing else to be checked. */
export interface Proof {
  format: 'leadrescue-audit-proof/1';
  /** Name of the tenant. */
  business: string;
  event: LoggedEvent;
  /** Batch that sealed the event. */
  batch: number;
  /** Place of the leaf in the tree, from 0. */
  position: number;
  leaf: string;
  /** Hashes from the leaf up to the root, in hex. */
  path: string[];
  head: Head;
}

/** Shows that a newer head continues an older one, with nothing changed in between. */
export interface Continuation {
  format: 'leadrescue-audit-continuation/1';
  business: string;
  older: Head;
  newer: Head;
  path: string[];
}

/** Why there is no proof. */
export type Unproven = 'no_such_event' | 'not_sealed' | 'no_such_head' | 'changed_since';

interface Place {
  batch: number;
  position: number;
  leaf: Buffer;
}

/** Proves one event under the newest head, or under the one of `size` events. Reads as much as the tree is high. */
export async function prove(sql: Sql, eventId: number, size?: number): Promise<Proof | Unproven> {
  const [found] = await sql.query<LoggedEvent & { xid: string; name: string }>(
    `select ${EVENT}, e.xid::text as xid, t.name from events e join tenants t on t.id = e.tenant_id where e.id = $1`,
    [eventId],
  );
  if (!found) return 'no_such_event';
  const { xid, name, ...event } = found;
  const place = await placeOf(sql, event, xid);
  if (!place) return 'not_sealed';
  const head = await headOf(sql, event.tenant, size);
  if (!head || head.size <= place.position) return 'no_such_head';
  if (!leafOf(event).equals(place.leaf)) return 'changed_since';
  const path = await hashesOf(sql, event.tenant, inclusionRanges(place.position, head.size));
  const { batch, position, leaf } = place;
  return { format: 'leadrescue-audit-proof/1', business: name, event, batch, position, leaf: hex(leaf), path, head };
}

/** Proves that the newest head continues the one of `size` events. */
export async function continuation(
  sql: Sql,
  tenant: { id: string; name: string },
  size: number,
): Promise<Continuation | Unproven> {
  const [older, newer] = [await headOf(sql, tenant.id, size), await headOf(sql, tenant.id)];
  if (!older || !newer) return 'no_such_head';
  const path = await hashesOf(sql, tenant.id, consistencyRanges(older.size, newer.size));
  return { format: 'leadrescue-audit-continuation/1', business: tenant.name, older, newer, path };
}

/** The newest head, or the one of `size` events. */
export async function headOf(sql: Sql, tenant: string, size?: number): Promise<Head | undefined> {
  const [head] = await sql.query<Head>(
    `select ${HEAD} from seals s where s.tenant_id = $1 and ($2::bigint is null or s.size = $2) order by s.batch desc limit 1`,
    [tenant, size ?? null],
  );
  return head;
}

async function placeOf(sql: Sql, { id, tenant }: LoggedEvent, xid: string): Promise<Place | undefined> {
  const [row] = await sql.query<{ batch: number; size: number; index: number; count: number; leaf: Buffer }>(
    // seals_place, once for each era: where the event would be if it was sealed then
    `with recursive eras as (
       (select era, floor_id from seals where tenant_id = $1 order by era desc limit 1)
       union all
       select o.* from eras e cross join lateral (
         select era, floor_id from seals where tenant_id = $1 and era < e.era order by era desc limit 1) o)
     select s.batch, s.size, array_position(s.event_ids, $2::bigint) as index, cardinality(s.event_ids) as count,
       substring(s.leaves from (array_position(s.event_ids, $2::bigint) - 1) * ${HASH_BYTES} + 1 for ${HASH_BYTES}) as leaf
     from eras e cross join lateral (
       select * from seals where tenant_id = $1 and era = e.era and (until_xid, until_id) >= ($3::xid8, $2::bigint)
       order by until_xid, until_id limit 1) s
     where $2::bigint = any(s.event_ids) limit 1`,
    [tenant, id, xid],
  );
  return row && { batch: row.batch, position: row.size - row.count + row.index - 1, leaf: row.leaf };
}

const hex = (hash: Buffer) => hash.toString('hex');

async function hashesOf(sql: Sql, tenant: string, ranges: readonly Range[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const range of ranges) hashes.push(hex(await hashOfRange(sql, tenant, range)));
  return hashes;
}

/** Ranges up to this many leaves are computed from the leaves. */
const FROM_LEAVES = 1024;

/**
 * The hash of a subtree. Every batch keeps the peaks of the tree after it, and a full subtree that begins at an even place
 * of its own size is such a peak until as many leaves follow it; what is none is put together from its halves.
 */
async function hashOfRange(sql: Sql, tenant: string, range: Range): Promise<Buffer> {
  const { from, to } = range;
  const size = to - from;
  if (size <= FROM_LEAVES) return hashOfLeaves(sql, tenant, range);
  let half = FROM_LEAVES / 2;
  while (half * 2 < size) half *= 2;
  const full = half * 2 === size;
  if (full && (from / size) % 2 === 0) {
    const peak = await peakOf(sql, tenant, range);
    if (peak) return peak;
  }
  const left = await hashOfRange(sql, tenant, { from, to: from + half });
  return hashNode(left, await hashOfRange(sql, tenant, { from: from + half, to }));
}

/** From a batch that ended when the subtree was a peak; undefined when none did. */
async function peakOf(sql: Sql, tenant: string, { from, to }: Range): Promise<Buffer | undefined> {
  const [row] = await sql.query<{ size: number; peaks: Buffer }>(
    'select size, peaks from seals where tenant_id = $1 and size >= $2 and size < $3 order by size limit 1',
    [tenant, to, to + (to - from)],
  );
  if (!row) return undefined;
  let larger = 0; // peaks before it: one for each bit of the size above its own
  for (let left = Math.floor(row.size / ((to - from) * 2)); left > 0; left = Math.floor(left / 2)) larger += left % 2;
  return splitHashes(row.peaks)[larger];
}

async function hashOfLeaves(sql: Sql, tenant: string, { from, to }: Range): Promise<Buffer> {
  const rows = await sql.query<{ leaves: Buffer }>(
    // each batch gives the part of its leaves that lies in the range
    `select substring(s.leaves from (greatest($2, s.size - s.count) - (s.size - s.count))::integer * ${HASH_BYTES} + 1
        for (least($3, s.size) - greatest($2, s.size - s.count))::integer * ${HASH_BYTES}) as leaves
     from (select size, leaves, octet_length(leaves) / ${HASH_BYTES} as count from seals
       where tenant_id = $1 and size > $2
         and size <= coalesce((select min(size) from seals where tenant_id = $1 and size >= $3), $3)) s
     order by s.size`,
    [tenant, from, to],
  );
  return rootOf(
    grow(
      EMPTY_TREE,
      rows.flatMap(({ leaves }) => splitHashes(leaves)),
    ),
  );
}
