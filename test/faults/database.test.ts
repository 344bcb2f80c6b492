import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { type OwnServer, startOwnServer } from '../support/own-server.ts';
import { seeded } from '../support/seeds.ts';
import { openSite, phoneOf, type Site, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(240_000);

const RESTARTS = ['fast', 'immediate'] as const;
const ROUNDS = RESTARTS.length + 1;
const DUE = 50;
const PEOPLE = ROUNDS * DUE;

describe('a database that goes away', () => {
  let server: OwnServer;
  let site: Site;
  beforeAll(async () => {
    server = await startOwnServer();
    site = await openSite({ database: server.database });
    await site.people(PEOPLE, ROUNDS);
    await Promise.all([site.start('web'), site.start('worker')]);
  });
  afterAll(() => site.close());

  test(
    'is restarted, and crashes, while messages leave: none twice, none lost, nothing for a person to guess',
    seeded(async (random) => {
      const { journal, faults } = site.twilio;
      faults.set({ latencyMs: 40, answerDelayMs: 40, dropAfterAccept: 0.04, dropBeforeAccept: 0.04 });
      for (const [round, how] of RESTARTS.entries()) {
        const before = journal.creates;
        await site.turnTo(site.roundAt(round));
        const moment = before + random.between(1, DUE - 1);
        await site.until(`request ${moment}`, () => journal.creates >= moment);
        await server.restart(how);
        await site.untilQuiet();
      }
      await site.turnTo(site.roundAt(RESTARTS.length));
      await site.untilAllLeft();
      await site.twilio.idle();
      expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
      expect(journal.sent.length).toBe(PEOPLE);
    }),
  );

  test('cannot store a STOP: it counts all the same, once the database is back', async () => {
    const restarted = server.restart('fast');
    const customer = { from: phoneOf(0), to: SMS_SENDER, channel: 'sms', body: 'sluta skicka sms' } as const;
    await site.until('the webhook is refused', async () => (await site.twilio.customerSends(customer)).status >= 500);
    await restarted;
    const out = 'select count(*) as value from persons where opted_out_at is not null';
    await site.until('it is known', async () => (await site.one(out)) === 1);
    const planned = `select count(*) as value from messages where state = 'scheduled' and purpose = 'cadence'`;
    expect(await site.one(planned)).toBe(3 * (PEOPLE - 1));
  });
});
