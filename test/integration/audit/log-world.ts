import pg from 'pg';
import {
  type Business,
  createSealing,
  exportLog,
  frozen,
  type LogReport,
  newSigningKey,
  readSigningKey,
  type SigningKey,
  type Trust,
  verifyDatabase,
  verifyFile,
} from '../../../src/audit/index.ts';
import type { Database, Tx } from '../../../src/db/index.ts';
import { appendOne, type NewEvent } from '../../../src/events/index.ts';
import { createClock, type TurnableClock } from '../../../src/lib/clock.ts';
import { newId, type TenantId } from '../../../src/lib/ids.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { settled } from '../../support/settled.ts';

export const AT = new Date('2026-11-23T09:30:00Z');

/** A database with tenants whose logs can be written, sealed, checked, and tampered with. */
export interface LogWorld {
  database: TestDatabase;
  db: Database;
  clock: TurnableClock;
  key: SigningKey;
  nordic: Business;
  other: Business;
  /** Lets so many things happen in one transaction; returns the ids of the events. */
  happen(count?: number, business?: Business): Promise<number[]>;
  /** Seals until nothing that is there now is left. Other databases of the server hold the watermark back for moments. */
  seal(options?: { limit?: number }): Promise<void>;
  /** Does what only somebody with the whole server in their hands can do. */
  tamper(sql: string, values?: unknown[]): Promise<pg.QueryResult>;
  /** Remembers the log as it is now, to come back to. */
  keep(): Promise<void>;
  /** Undoes all that was done to the log since then. */
  back(): Promise<void>;
  verify(trust?: Partial<Trust>, business?: Business): Promise<LogReport>;
  /** What was found, as kinds with the batch and events they name. */
  found(trust?: Partial<Trust>, business?: Business): Promise<object[]>;
  export(business?: Business): Promise<string[]>;
  close(): Promise<void>;
}

/** What the log consists of. */
const TABLES = ['events', 'seal_rounds', 'seals', 'seal_witnesses'];

export const moved = (to: string): NewEvent => ({ type: 'lead.moved', data: { from: 'new', to } });

export async function openLog(): Promise<LogWorld> {
  const database = await freshDatabase();
  const { db } = database;
  const clock = createClock();
  clock.turnTo(AT.getTime() - Date.now());
  const key = readSigningKey(newSigningKey());
  const superuser = new pg.Client({ ...database.settings, user: 'postgres' });
  await superuser.connect();
  await superuser.query('set session_replication_role = replica'); // triggers sleep

  const tenant = async (name: string): Promise<Business> => {
    const id = newId<TenantId>();
    await db.system.query(
      `insert into tenants (id, name, slack_team_id, country, zone, language, data_key, suppression_key, created_at)
       values ($1, $2, $3, 'SE', 'Europe/Stockholm', 'sv', '', '', $4)`,
      [id, name, name, AT],
    );
    return { id, name };
  };
  const nordic = await tenant('Nordic Motors');
  const other = await tenant('Elsewhere');
  const trusted = (trust: Partial<Trust>): Trust => ({ keys: key.trusted, witnesses: [], ...trust });

  async function verify(trust: Partial<Trust> = {}, business = nordic): Promise<LogReport> {
    const reports: LogReport[] = [];
    await verifyDatabase(db, [business], trusted(trust), (report) => reports.push(report));
    const [report] = reports;
    if (!report) throw new Error('nothing was told');
    return report;
  }

  return {
    database,
    db,
    clock,
    key,
    nordic,
    other,
    happen: (count = 1, business = nordic) =>
      db.inTenant(business.id, (tx) =>
        Promise.all(
          Array.from({ length: count }, (_, i) =>
            appendOne(tx, business.id, clock.now(), 'system', moved(`stage ${i}`)),
          ),
        ),
      ),
    async seal(options = {}) {
      await settled(db); // so that one round seals all of it
      const sealing = createSealing({ db, clock, log: createLogger('silent'), key, ...options });
      const [{ last } = { last: 0 }] = await db.system.query<{ last: number }>('select max(id) as last from events');
      await untilTrue(async () => {
        await sealing.run();
        const rows = await db.system.query('select from seals where $1 = any(event_ids)', [last]);
        return rows.length > 0;
      });
    },
    tamper: (sql, values) => superuser.query(sql, values),
    async keep() {
      await superuser.query('create schema kept');
      for (const table of TABLES) await superuser.query(`create table kept.${table} as table ${table}`);
    },
    async back() {
      await superuser.query(`truncate ${TABLES.join(', ')} cascade`);
      for (const table of TABLES) {
        await superuser.query(`insert into ${table} overriding system value select * from kept.${table}`);
      }
      await superuser.query('set session_replication_role = replica');
    },
    verify,
    async found(trust, business) {
      const { findings } = await verify(trust, business);
      return findings;
    },
    export: (business = nordic) =>
      frozen(db, async (sql) => {
        const lines: string[] = [];
        for await (const line of exportLog(sql, business, clock.now())) lines.push(JSON.stringify(line));
        return lines;
      }),
    async close() {
      await superuser.end();
      await database.drop();
    },
  };
}

/** Looks until it is so; the limit of the test is the limit. */
export async function untilTrue(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The findings of an export. */
export async function foundIn(lines: readonly string[], trust: Partial<Trust> = {}): Promise<object[]> {
  const report = await verifyFile(
    (async function* () {
      yield* lines;
    })(),
    { keys: [], witnesses: [], ...trust },
  );
  return report.findings;
}

/** One event in an open transaction of its own. `order` does something in it first, which gives the transaction its place. */
export async function openTransaction(world: LogWorld): Promise<{
  /** Takes its place in the order of transactions. */
  begin(): Promise<void>;
  append(): Promise<number>;
  commit(): Promise<void>;
}> {
  const client = await world.db.connect();
  await client.query('begin');
  const sql = {
    query: async (statement: { text: string } | string, values?: readonly unknown[]) =>
      (await client.query(typeof statement === 'string' ? statement : statement.text, values as unknown[])).rows,
  };
  return {
    async begin() {
      await client.query('select pg_current_xact_id()');
    },
    async append() {
      return appendOne(sql as unknown as Tx, world.nordic.id, AT, 'system', moved('late'));
    },
    async commit() {
      await client.query('commit');
      await client.end();
    },
  };
}
