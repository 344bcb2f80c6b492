import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createListener } from '../../../src/db/index.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { until } from '../../support/until.ts';

const LOCK = { space: 77, key: 7 };

let database: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  admin = new pg.Client({ ...database.settings, user: 'postgres' });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** Sessions that hold the listener's lock. */
const holders = () =>
  database.db.system.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and classid = $1 and objid = $2 and granted
       and database = (select oid from pg_database where datname = current_database())`,
    [LOCK.space, LOCK.key],
  );

test('a listener that lost its connection listens again, and one that is stopped meanwhile leaves none behind', async () => {
  const { db } = database;
  let ups = 0;
  let asked = 0;
  let made = 0;
  let open = 0;
  let release = () => {};
  let gate = Promise.resolve();
  const listener = createListener({
    db: {
      ...db,
      async connect() {
        asked++;
        await gate;
        const client = await db.connect();
        made++;
        open++;
        client.once('end', () => open--);
        return client;
      },
    },
    log: createLogger('silent'),
    channel: 'a_test',
    lock: LOCK,
    onMessage() {},
    onUp: () => ups++,
  });
  const end = async () => {
    const [holder] = await holders();
    await admin.query('select pg_terminate_backend($1)', [holder?.pid]);
  };
  await listener.start();
  await end();
  await until(() => (ups === 2 ? true : undefined), 'listening again');
  expect(await holders()).toHaveLength(1);

  gate = new Promise((resolve) => {
    release = resolve;
  });
  await end();
  await until(() => (asked === 3 ? true : undefined), 'connecting once more');
  await listener.stop();
  release();
  await until(() => (made === 3 && open === 0 ? true : undefined), 'nobody connected');
  expect(await holders()).toEqual([]);
  expect(ups).toBe(2);
});
