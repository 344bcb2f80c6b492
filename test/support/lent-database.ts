import pg from 'pg';
import type { Database } from '../../src/db/index.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { until } from './until.ts';

/*
 * Most tests want a world of their own, and most of what a world costs are its database and the connections to it: what one
 * test gave back is emptied and lent to the next one. One is kept for the next file of the worker.
 */

interface Lent extends TestDatabase {
  /** Closes what belongs to it. */
  close(): Promise<void>;
  /** The same, and drops it. */
  discard(): Promise<void>;
  /** Makes it small again: rows that were deleted leave their places behind, and others come to lie there in any order. */
  renew(): Promise<void>;
}

/** Of jest-worker, to a process that has run its last file. */
const CHILD_MESSAGE_END = 2;

const ready: Lent[] = [];

// awaited after each file by `native/environment.js`
Object.assign(globalThis, { [Symbol.for('tests.endOfFile')]: () => discardReady(process.send ? 1 : 0) });

process.on('message', function last(message) {
  if (!Array.isArray(message) || message[0] !== CHILD_MESSAGE_END) return;
  process.off('message', last);
  // nothing may keep this process; the databases go with their server
  for (const each of ready) void each.close();
});

/**
 * A database as fresh as a clone, its connections included. For tests that stay in their process: who starts programs on it,
 * or closes it, takes a clone.
 */
export async function lentDatabase(): Promise<TestDatabase> {
  return ready.pop() ?? (await newOne());
}

async function newOne(): Promise<Lent> {
  const { db, settings, drop } = await freshDatabase();
  const cleaner = await openCleaner(settings);
  const discard = async () => {
    await cleaner.close();
    await drop();
  };
  const lent: Lent = {
    db,
    settings,
    discard,
    async close() {
      await Promise.all([cleaner.close(), db.close()]);
    },
    renew: cleaner.renew,
    async drop() {
      const idle = await quietPools(db);
      if (idle === undefined || !(await cleaner.clean(idle))) return discard();
      ready.push(lent);
    },
  };
  return lent;
}

/** Waits for what is still being written (figures, for example). How many connections there are; undefined: somebody hangs. */
async function quietPools(db: Database): Promise<number | undefined> {
  const look = () => {
    const { app, system } = db.pools();
    return app.used + app.waiting + system.used + system.waiting === 0 ? { idle: app.idle + system.idle } : undefined;
  };
  const quiet = await until(look, 'quiet pools', 1000).catch(() => undefined);
  return quiet?.idle;
}

async function discardReady(kept: number): Promise<void> {
  const all = ready.splice(kept);
  await Promise.all([...all.map((each) => each.discard()), ...ready.map((each) => each.renew())]);
}

interface Cleaner {
  /**
   * Makes it as it was cloned. False when that is not certain: somebody else than the `connected` of our pools is there, or
   * what was changed are not only rows.
   */
  clean(connected: number): Promise<boolean>;
  /** Gives back the room that rows had. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

const TABLES = `select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema')`;
const USED = `select name from (${TABLES}) t where pg_relation_size(name::regclass) > 0`;
const OTHERS = `select count(*)::int - 1 as n from pg_stat_activity where datname = current_database()`;
const CATALOGUES = ['class', 'attribute', 'constraint', 'trigger', 'policy', 'proc', 'namespace'];
/** The newest transaction that changed the shape of anything. */
const SHAPE = `select greatest(${CATALOGUES.map((name) => `(select max(xmin::text::bigint) from pg_${name})`).join(', ')}) as shape`;
const COUNTERS = `select format('select setval(%L, %L, %L)', seqrelid, coalesce(pg_sequence_last_value(seqrelid), seqstart),
  pg_sequence_last_value(seqrelid) is not null) as back from pg_sequence`;

async function openCleaner(settings: TestDatabase['settings']): Promise<Cleaner> {
  // a superuser may leave out triggers: the log is append-only, and rows refer to each other
  const client = new pg.Client({ ...settings, user: 'postgres', options: '-c session_replication_role=replica' });
  client.on('error', () => {}); // a test may end every connection there is
  await client.connect();
  const ask = async <T>(text: string) => (await client.query(text)).rows as T[];
  const tables = (await ask<{ name: string }>(TABLES)).map(({ name }) => name);
  const filled = tables
    .map((name) => `select '${name}' as name where exists (select from ${name})`)
    .join(' union all ');
  const shape = async () => (await ask<{ shape: number }>(SHAPE))[0]?.shape;

  let before = await shape();
  const counters = (await ask<{ back: string }>(COUNTERS)).map(({ back }) => back);
  // what migrations wrote
  const rows = await Promise.all(
    (await ask<{ name: string }>(filled)).map(async ({ name }) => {
      const [kept] = await ask<{ rows: string }>(`select quote_literal(json_agg(t)) as rows from ${name} t`);
      return `insert into ${name} overriding system value select * from json_populate_recordset(null::${name}, ${kept?.rows})`;
    }),
  );

  return {
    async clean(connected) {
      const [others] = await ask<{ n: number }>(OTHERS);
      if (others?.n !== connected || (await shape()) !== before) return false;
      const deletes = (await ask<{ name: string }>(filled)).map(({ name }) => `delete from ${name}`);
      await client.query(['begin', ...deletes, ...rows, ...counters, 'commit'].join('; '));
      return true;
    },
    async renew() {
      const used = (await ask<{ name: string }>(USED)).map(({ name }) => name);
      if (used.length === 0) return;
      // what refers to these is as empty as they are
      await client.query(['begin', `truncate ${used.join(', ')} cascade`, ...rows, ...counters, 'commit'].join('; '));
      before = await shape();
    },
    close: () => client.end(),
  };
}
