import type { Database, Sql } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { leafOf } from './canonical.ts';
import { hashOf, NOTHING, signatureFits, signWith } from './heads.ts';
import type { SigningKey } from './keys.ts';
import { EMPTY_TREE, grow, isTree, rootOf } from './merkle.ts';
import { insertRound, insertSeal, lastRound, type NewSeal, type Top, topsOf } from './store.ts';
import { readStretch, type SettledEvent, type Stretch, stretches } from './stretch.ts';
import type { Head, Round } from './types.ts';

export interface Sealing {
  /** Seals everything that has settled; returns how many events. Nothing when another worker is at it. */
  run(): Promise<number>;
}

export interface SealingDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  key: SigningKey;
  /** Events of one round, over all tenants. */
  limit?: number;
}

/** A transaction that keeps the log open for longer than this, in machine ms, is somebody's to look after. */
const STUCK_MS = 10 * 60_000;

/** Held by the one worker that seals, for the length of a round. */
const LOCK = 7326004;
const LIMIT = 10_000;

/** The newest head of a log is not what we wrote: going on would bury what somebody did. */
class Damaged extends Error {
  readonly tenant: string;
  readonly batch: number;
  constructor({ tenant, batch }: Head) {
    super(`the head of batch ${batch} does not fit`);
    this.tenant = tenant;
    this.batch = batch;
  }
}

/** Seals events round by round. A round costs as much as there is new, however long the log is. */
export function createSealing({ db, clock, log, key, limit = LIMIT }: SealingDeps): Sealing {
  let cluster: string | undefined;
  let told = '';
  let stuck = { watermark: '', since: 0, told: false };

  async function sealRound(sql: Sql): Promise<number> {
    const [{ free } = { free: false }] = await sql.query<{ free: boolean }>(
      'select pg_try_advisory_xact_lock($1) as free',
      [LOCK],
    );
    if (!free) return 0;
    const last = await lastRound(sql);
    const found = await settled(sql, last);
    if (!found) return 0;
    const { stretch, events } = found;
    const until = placeOf(events);
    const watermark = stretch.below ?? until.xid;
    const at = clock.now().toISOString();
    const seals = await sealsOf(sql, events, { watermark, at });
    const round = signWith<Round>(key, {
      round: (last?.round ?? 0) + 1,
      cluster: stretch.cluster,
      era: stretch.era,
      floor: stretch.floor,
      until,
      top: events.reduce((top, { id }) => Math.max(top, id), last?.top ?? 0),
      heads: seals.map(({ head }) => ({ tenant: head.tenant, batch: head.batch, head: hashOf(head) })),
      previous: last ? hashOf(last) : NOTHING,
      at,
    });
    await insertRound(sql, round);
    for (const seal of seals) await insertSeal(sql, round, seal);
    return events.length;
  }

  /** What is to be sealed now; undefined when there is nothing. */
  async function settled(
    sql: Sql,
    last: Round | undefined,
  ): Promise<{ stretch: Stretch; events: SettledEvent[] } | undefined> {
    // a statement of its own: what is read after it sees all that had ended by then
    const [now = { watermark: '0', coming: '0' }] = await sql.query<{ watermark: string; coming: string }>(
      'select pg_snapshot_xmin(s)::text as watermark, pg_snapshot_xmax(s)::text as coming from pg_current_snapshot() s',
    );
    for (const stretch of await stretches(sql, last, { cluster: cluster ?? '', ...now })) {
      const events = await readStretch(sql, stretch, limit);
      if (events.length > 0) return { stretch, events };
    }
    await watch(sql, now.watermark);
    return undefined;
  }

  /** Somebody has to know when events wait and wait for a transaction that does not end. */
  async function watch(sql: Sql, watermark: string): Promise<void> {
    const waiting = await sql.query('select from events where xid >= $1::xid8 limit 1', [watermark]); // events_settled
    const same = waiting.length > 0 && watermark === stuck.watermark;
    if (!same) stuck = { watermark, since: clock.machine(), told: false };
    if (!same || stuck.told || clock.machine() - stuck.since < STUCK_MS) return;
    stuck.told = true;
    log.error(
      { transaction: watermark },
      'events cannot be sealed: a transaction on this database server does not end',
    );
  }

  /** One seal for each tenant of the round. */
  async function sealsOf(
    sql: Sql,
    events: SettledEvent[],
    moment: { watermark: string; at: string },
  ): Promise<NewSeal[]> {
    const logs = byTenant(events);
    const tops = await topsOf(sql, [...logs.keys()]);
    return [...logs].map(([tenant, mine]) => {
      const top = tops.get(tenant);
      if (top && !fits(top)) throw new Damaged(top.head);
      const until = placeOf(mine);
      const ordered = mine.toSorted((a, b) => a.id - b.id);
      const leaves = ordered.map(leafOf);
      const tree = grow(top?.tree ?? EMPTY_TREE, leaves);
      const head = signWith<Head>(key, {
        tenant,
        batch: (top?.head.batch ?? 0) + 1,
        size: tree.size,
        root: rootOf(tree).toString('hex'),
        previous: top ? hashOf(top.head) : NOTHING,
        ...moment,
      });
      return { head, tree, eventIds: ordered.map((event) => event.id), leaves, until };
    });
  }

  return {
    async run() {
      cluster ??= await clusterOf(db.system);
      let total = 0;
      try {
        for (let sealed = limit; sealed === limit; total += sealed) sealed = await db.system.transaction(sealRound);
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        const place = `${error.tenant}/${error.batch}`;
        if (place !== told) {
          log.error(
            { tenant: error.tenant, batch: error.batch },
            'the audit log was tampered with, sealing has stopped: run `npm run audit -- verify`',
          );
        }
        told = place;
      }
      return total;
    },
  };
}

const fits = ({ head, tree }: Top) => isTree(tree) && rootOf(tree).toString('hex') === head.root && signatureFits(head);

function byTenant(events: readonly SettledEvent[]): Map<string, SettledEvent[]> {
  const logs = new Map<string, SettledEvent[]>();
  for (const event of events) {
    const log = logs.get(event.tenant);
    if (log) log.push(event);
    else logs.set(event.tenant, [event]);
  }
  return logs;
}

/** Where events that are in the order of their transactions end. */
function placeOf(events: readonly SettledEvent[]): { xid: string; id: number } {
  const last = events.at(-1);
  return { xid: last?.xid ?? '0', id: last?.id ?? 0 };
}

/** Which database server this is. One that does not tell is recognised by its transactions going back. */
async function clusterOf(sql: Sql): Promise<string> {
  try {
    const [row] = await sql.query<{ id: string }>('select system_identifier::text as id from pg_control_system()');
    return row?.id ?? '';
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error; // insufficient_privilege
    return '';
  }
}
