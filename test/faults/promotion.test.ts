import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { type OwnServer, startOwnServer } from '../support/own-server.ts';
import { openSite, phoneOf, type Site, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(240_000);

const ROUNDS = 2;
const DUE = 40;
const PEOPLE = ROUNDS * DUE;
const STOPPED = 5;

/** A first message, and not what says that a stop was understood. */
const isOpening = ({ body }: { body: string }) => body.includes('/o/');

/** The database's server dies, and a copy takes its place that had not been told of what was done last. Nobody is restarted. */
describe('a replica that is promoted under processes that run', () => {
  let server: OwnServer;
  let site: Site;
  beforeAll(async () => {
    server = await startOwnServer();
    site = await openSite({ database: server.database });
    await site.people(PEOPLE, ROUNDS);
    await site.turnTo(site.roundAt(0));
  });
  afterAll(() => site.close());

  test('nothing goes twice, and who said STOP meanwhile gets nothing more', async () => {
    const { journal, faults } = site.twilio;
    const replica = await server.replicate();
    faults.set({ latencyMs: 60, answerDelayMs: 60 });
    await Promise.all([site.start('web'), site.start('worker')]);
    await site.until('half of them have left', () => journal.sent.length >= DUE / 2);
    const stopped = journal.sent.slice(0, STOPPED).map(({ to }) => to);
    for (const from of stopped) {
      const words = { from, to: SMS_SENDER, channel: 'sms', body: 'sluta skicka sms' } as const;
      expect((await site.twilio.customerSends(words)).status).toBe(200);
    }
    await replica.promote();
    await site.until('it is noticed', async () => {
      const held = `select count(*) as value from tenants where waits_for = 'restored'`;
      return (await site.one(held)) === 1;
    });
    await site.untilAllLeft();
    const out = 'select count(*) as value from persons where opted_out_at is not null';
    await site.until('every stop counts', async () => (await site.one(out)) === STOPPED);
    const first = new Set(journal.sent.map(({ to }) => to));

    // what is due since waits for the release
    await site.turnTo(site.roundAt(1));
    await site.until('they are held', async () => {
      const held = `select count(*) as value from messages where state = 'held' and reason = 'restored' and step_key = 'day_0'`;
      return (await site.one(held)) === PEOPLE - first.size;
    });
    expect(await site.rooms.live.resume(site.tenant, { ...site.sofia, role: 'admin' })).toMatchObject({
      released: PEOPLE - first.size,
    });
    // a process that has not heard of the release yet holds them once more, and lets them go when it has
    await site.until('they have left', () => journal.sent.filter(isOpening).length >= PEOPLE);
    await site.untilAllLeft();
    await site.twilio.idle();

    const openings = journal.sent.filter(isOpening).map(({ to }) => to);
    expect(openings.sort()).toEqual(Array.from({ length: PEOPLE }, (_, n) => phoneOf(n)).sort());
    const told = journal.sent.filter((message) => !isOpening(message)).map(({ to }) => to);
    expect(told.sort()).toEqual(stopped.sort()); // each heard once that it was understood
    // of those who stopped, what they had got is planned no more on the copy, so it is not looked up either
    const phones = openings.filter((to) => !stopped.includes(to));
    expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now(), phones })).toEqual([]);
  });
});
