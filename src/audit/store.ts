import type { Sql } from '../db/index.ts';
import type { TenantId } from '../lib/ids.ts';
import { splitHashes, type Tree } from './merkle.ts';
import type { Batch, Head, LoggedEvent, Round, Witness } from './types.ts';

/* The tables of the log as they are read and written: hashes as bytes, signatures as bytes, times as timestamps. */

/** An event's columns as a `LoggedEvent`; `at` in full, which a JavaScript date would cut to milliseconds. */
export const EVENT = `e.id, e.tenant_id as tenant, e.type, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  e.actor, e.person_id as person, e.lead_id as lead, e.message_id as message, e.data`;

const ISO = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A seal's columns as a `Head`. */
export const HEAD = `s.tenant_id as tenant, s.batch, s.size, encode(s.root, 'hex') as root, encode(s.previous, 'hex') as previous,
  ${ISO('s.sealed_at')} as at, s.watermark::text as watermark, s.public_key as key, encode(s.signature, 'hex') as signature`;

const ROUND = `r.round, r.cluster, r.era, r.floor_id as floor, r.until_xid::text as "untilXid", r.until_id as "untilId", r.top_id as top, r.heads,
  encode(r.previous, 'hex') as previous, ${ISO('r.sealed_at')} as at, r.public_key as key, encode(r.signature, 'hex') as signature`;

type RoundRow = Omit<Round, 'until'> & { untilXid: string; untilId: number };

const roundOf = ({ untilXid, untilId, ...row }: RoundRow): Round => ({ ...row, until: { xid: untilXid, id: untilId } });

export async function lastRound(sql: Sql): Promise<Round | undefined> {
  const [row] = await sql.query<RoundRow>(`select ${ROUND} from seal_rounds r order by r.round desc limit 1`);
  return row && roundOf(row);
}

/** Rounds after that one, in order. */
export async function roundsAfter(sql: Sql, round: number, limit: number): Promise<Round[]> {
  const rows = await sql.query<RoundRow>(
    `select ${ROUND} from seal_rounds r where r.round > $1 order by r.round limit $2`,
    [round, limit],
  );
  return rows.map(roundOf);
}

export interface Top {
  head: Head;
  tree: Tree;
}

/** The newest heads of these tenants, with the tree to go on from. */
export async function topsOf(sql: Sql, tenants: readonly string[]): Promise<Map<string, Top>> {
  const rows = await sql.query<Head & { peaks: Buffer }>(
    `select ${HEAD}, s.peaks from unnest($1::uuid[]) as t(id)
       cross join lateral (select * from seals where tenant_id = t.id order by batch desc limit 1) s`,
    [tenants],
  );
  return new Map(
    rows.map(({ peaks, ...head }) => [head.tenant, { head, tree: { size: head.size, peaks: splitHashes(peaks) } }]),
  );
}

const INSERT_ROUND = {
  name: 'audit-round',
  text: `insert into seal_rounds (round, cluster, era, floor_id, until_xid, until_id, top_id, heads, previous, sealed_at,
      public_key, signature)
    values ($1, $2, $3, $4, $5::xid8, $6, $7, $8, decode($9, 'hex'), $10, $11, decode($12, 'hex'))`,
};

export async function insertRound(sql: Sql, round: Round): Promise<void> {
  const { until, heads, previous, at, key, signature } = round;
  const place = [round.round, round.cluster, round.era, round.floor, until.xid, until.id, round.top];
  await sql.query(INSERT_ROUND, [...place, JSON.stringify(heads), previous, at, key, signature]);
}

const INSERT_SEAL = {
  name: 'audit-seal',
  text: `insert into seals (tenant_id, batch, round, era, floor_id, until_xid, until_id, event_ids, leaves, peaks, size, root, previous,
      watermark, sealed_at, public_key, signature)
    values ($1, $2, $3, $4, $5, $6::xid8, $7, $8, $9, $10, $11, decode($12, 'hex'), decode($13, 'hex'), $14::xid8, $15, $16,
      decode($17, 'hex'))`,
};

/** A seal as it is written: the batch, and where in the order of transactions it ends. */
export interface NewSeal extends Top {
  eventIds: readonly number[];
  leaves: readonly Buffer[];
  until: { xid: string; id: number };
}

export async function insertSeal(sql: Sql, round: Round, seal: NewSeal): Promise<void> {
  const { head, tree, until } = seal;
  await sql.query(INSERT_SEAL, [
    head.tenant,
    head.batch,
    round.round,
    round.era,
    round.floor,
    until.xid,
    until.id,
    seal.eventIds,
    Buffer.concat(seal.leaves),
    Buffer.concat(tree.peaks),
    head.size,
    head.root,
    head.previous,
    head.watermark,
    head.at,
    head.key,
    head.signature,
  ]);
}

/** Batches and their events read together: at most this many events, but for a larger batch. */
const PAGE_EVENTS = 10_000;
const PAGE_BATCHES = 500;

/** The batches of a tenant that follow a head, with their events as they are now; none when there are no more. */
export async function batchesAfter(
  sql: Sql,
  tenant: TenantId,
  after: { batch: number; size: number },
): Promise<Batch[]> {
  const rows = await sql.query<Head & { ids: string[]; leaves: Buffer; peaks: Buffer }>(
    `select ${HEAD}, s.event_ids as ids, s.leaves, s.peaks from seals s
     where s.tenant_id = $1 and s.batch > $2 and (s.size <= $3 or s.batch = (select min(batch) from seals where tenant_id = $1 and batch > $2))
     order by s.batch limit ${PAGE_BATCHES}`,
    [tenant, after.batch, after.size + PAGE_EVENTS],
  );
  const events = await eventsOf(
    sql,
    tenant,
    rows.flatMap((row) => row.ids),
  );
  let position = after.size;
  return rows.map(({ ids, leaves, peaks, ...head }) => {
    const hashes = splitHashes(leaves);
    const entries = ids.map((id, i) => ({
      position: position + i,
      id: Number(id),
      leaf: hashes[i] ?? Buffer.alloc(0),
      event: events.get(Number(id)) ?? null,
    }));
    position = head.size;
    return { head, peaks: splitHashes(peaks), entries };
  });
}

/** A tenant's events by id, in the order of their ids. */
export async function eventsOf(
  sql: Sql,
  tenant: TenantId,
  ids: readonly (string | number)[],
): Promise<Map<number, LoggedEvent>> {
  const events = await sql.query<LoggedEvent>(
    `select ${EVENT} from events e where e.tenant_id = $1 and e.id = any($2::bigint[]) order by e.id`,
    [tenant, ids],
  );
  return new Map(events.map((event) => [event.id, event]));
}

/** Heads of a tenant that were shown in Slack. */
export async function witnessesOf(sql: Sql, tenant: TenantId): Promise<Witness[]> {
  return sql.query<Witness>(
    `select size, encode(root, 'hex') as root, 'the head posted in Slack on ' || ${ISO('posted_at')} as "from"
     from seal_witnesses where tenant_id = $1 order by posted_at`,
    [tenant],
  );
}
