import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createSealing, type LogReport, prove, sealOf, verifyDatabase } from '../../../src/audit/index.ts';
import { appendOne } from '../../../src/events/index.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { type OwnServer, startOwnServer } from '../../support/own-server.ts';
import { AT, type LogWorld, moved, openLog, openTransaction, untilTrue } from './log-world.ts';

/*
 * A backup that is restored on another server brings its events and seals along, while that server counts its own
 * transactions: lower ones, higher ones, or some between those that were sealed and those that were not.
 */

let world: LogWorld;
let server: OwnServer;
let superuser: pg.Client;

beforeAll(async () => {
  server = await startOwnServer();
  superuser = new pg.Client({ ...server.database.settings, user: 'postgres' });
  await superuser.connect();
  await superuser.query('set session_replication_role = replica');
});
beforeEach(async () => {
  world = await openLog();
});
afterEach(() => world.close());
afterAll(async () => {
  await superuser.end();
  await server.database.drop();
});

const TABLES = ['tenants', 'events', 'seal_rounds', 'seals'];

/** Copies the log, as a backup and its restoration would. */
async function restore(): Promise<void> {
  await superuser.query(`truncate ${TABLES.join(', ')} cascade`);
  for (const table of TABLES) {
    const { rows } = await world.tamper(`select to_jsonb(t) as row from ${table} t`);
    for (const { row } of rows) {
      await superuser.query(
        `insert into ${table} overriding system value select * from jsonb_populate_record(null::${table}, $1)`,
        [JSON.stringify(row)],
      );
    }
  }
  await superuser.query(`select setval(pg_get_serial_sequence('events', 'id'), (select max(id) from events))`);
}

/** Moves a server's count of transactions on to at least this one. */
async function reach(xid: number): Promise<void> {
  await superuser.query(`do $$ begin
    while pg_current_xact_id()::text::bigint < ${xid} loop commit; end loop;
  end $$`);
}

async function happenThere(): Promise<number[]> {
  const { id } = world.nordic;
  return server.database.db.inTenant(id, (tx) =>
    Promise.all([moved('there'), moved('there')].map((event) => appendOne(tx, id, AT, 'system', event))),
  );
}

async function sealThere(last: number): Promise<void> {
  const { db } = server.database;
  const sealing = createSealing({ db, clock: world.clock, log: createLogger('silent'), key: world.key });
  await untilTrue(async () => {
    await sealing.run();
    return (await db.system.query('select from seals where $1 = any(event_ids)', [last])).length > 0;
  });
}

async function verifyThere(): Promise<LogReport | undefined> {
  const reports: LogReport[] = [];
  const trust = { keys: world.key.trusted, witnesses: [] };
  await verifyDatabase(server.database.db, [world.nordic], trust, (report) => reports.push(report));
  return reports[0];
}

const xidHere = async () => Number((await world.tamper('select pg_current_xact_id()::text as xid')).rows[0]?.xid);

describe('a log that was restored on another server', () => {
  test.each(['fewer', 'about as many', 'many more'])(
    'goes on where that server has had %s transactions',
    async (how) => {
      const sealed = await world.happen(3);
      await world.seal();
      const until = await xidHere();
      // one that began early and ended late: a lower id that is not sealed yet
      const late = await openTransaction(world);
      const lower = await late.append();
      const unsealed = await world.happen(2);
      await late.commit();
      if (how === 'about as many') await reach(until - 2);
      if (how === 'many more') await reach(until + 5000);
      await restore();

      const meanwhile = await happenThere();
      await sealThere(meanwhile[1] ?? 0);
      const later = await happenThere();
      await sealThere(later[1] ?? 0);

      const all = [...sealed, lower, ...unsealed, ...meanwhile, ...later];
      expect(await verifyThere()).toMatchObject({ sealed: all.length, unsealed: 0, findings: [] });
      const { db } = server.database;
      const places = await db.inTenant(world.nordic.id, (tx) => sealOf(tx, all));
      expect([...places.keys()].sort((a, b) => a - b)).toEqual(all);
      for (const id of all) expect(await prove(db.system, id)).toMatchObject({ batch: places.get(id)?.batch });
    },
    120_000, // as many transactions as the server of all tests has had by now
  );
});
