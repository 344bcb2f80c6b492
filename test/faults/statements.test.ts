import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { isOutage, openDatabase } from '../../src/db/index.ts';
import type { Staff } from '../../src/tenants/index.ts';
import { violations } from '../support/checker.ts';
import { freshDatabase } from '../support/database.ts';
import { type DatabaseLine, openLine } from '../support/database-line.ts';
import { one } from '../support/facts.ts';
import { openWorld, type World } from '../support/world.ts';

jest.setTimeout(120_000); // many captures and cuts, on a busy machine

/** More than a round of the dispatcher says to the database. */
const STATEMENTS = 12;

let world: World;
let line: DatabaseLine;
let sofia: Staff;
beforeAll(async () => {
  const database = await freshDatabase();
  line = await openLine(database);
  const db = await openDatabase({ settings: line.settings, strict: true });
  const drop = async () => {
    await db.close();
    await line.close();
    await database.drop();
  };
  world = await openWorld({ whatsapp: false, database: { ...database, db, drop } });
  sofia = await world.hire('Sofia Lind', 'salesperson');
});
afterAll(() => world.close());

/** Logs somebody, again when a connection turns out to be one that was cut. */
async function drive(nth: number): Promise<void> {
  const log = () =>
    world.drive(sofia, { phone: `+4670${1_000_000 + nth}`, name: `Person ${nth}`, sourceKey: `${nth}` });
  await log().catch((error) => (isOutage(error) ? log() : Promise.reject(error)));
}

const LATER = [
  `update messages set lease_until = lease_until - interval '31 seconds' where state = 'claimed'`,
  `update sends set started_at = started_at - interval '60 seconds', check_at = clock_timestamp()
   where state in ('sending', 'uncertain')`,
];

/** Both clocks go on until so many messages have left. */
async function untilSent(people: number): Promise<void> {
  for (let tries = 0; tries < 100 && world.twilio.journal.sent.length < people; tries++) {
    try {
      for (const statement of LATER) await world.database.db.system.query(statement);
      await world.housekeep();
    } catch (error) {
      if (!isOutage(error)) throw error; // a connection that was cut is noticed when it is used
    }
    await world.turnTo(new Date(world.clock.now().getTime() + 60_000));
  }
  await world.twilio.idle();
}

test('the database goes away at each statement of a round: the message leaves, once, and nobody has to look', async () => {
  for (let nth = 1; nth <= STATEMENTS; nth++) {
    await drive(nth);
    world.rooms.tenants.forget(world.tenant); // so that it is read anew
    line.at(nth, nth % 2 === 0 ? 'before' : 'after', line.cut);
    await world.settle();
    line.at(Number.POSITIVE_INFINITY, 'before', () => {});
    await untilSent(nth);
    expect(await one(world, `select count(*) as value from messages where state = 'held'`)).toBe(0);
  }
  const { journal } = world.twilio;
  expect(await violations({ sql: world.database.db.system, journal, now: world.clock.now() })).toEqual([]);
  expect(journal.sent.length).toBe(STATEMENTS);
});
