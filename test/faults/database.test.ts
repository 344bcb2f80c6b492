import { expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { startOwnServer } from '../support/own-server.ts';
import { seeded } from '../support/seeds.ts';
import { openSite, phoneOf, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(240_000);

const PEOPLE = 240;
const RESTARTS = ['fast', 'immediate'] as const;

test(
  'the database is restarted and crashes while messages leave: none twice, none lost, nothing for a person to guess',
  seeded(async (random, seed) => {
    const server = await startOwnServer();
    const site = await openSite({ database: server.database, seed });
    try {
      await site.people(PEOPLE, RESTARTS.length + 1);
      site.twilio.faults.set({ latencyMs: 40, answerDelayMs: 40, dropAfterAccept: 0.04, dropBeforeAccept: 0.04 });
      await Promise.all([site.start('web'), site.start('worker')]);

      const { journal } = site.twilio;
      for (const [round, how] of RESTARTS.entries()) {
        const before = journal.creates;
        await site.turnTo(site.roundAt(round));
        const moment = before + random.between(1, PEOPLE / 4);
        await site.until(`request ${moment}`, () => journal.creates >= moment);
        await server.restart(how);
        await site.untilQuiet();
      }
      await site.turnTo(site.roundAt(RESTARTS.length));
      await site.untilAllLeft();
      await site.twilio.idle();
      expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
      expect(journal.sent.length).toBe(PEOPLE);
    } finally {
      await site.close();
    }
  }),
);

test('a STOP that could not be stored while the database was away counts all the same', async () => {
  const server = await startOwnServer();
  const site = await openSite({ database: server.database });
  try {
    await site.people(2);
    const [web] = await Promise.all([site.start('web'), site.start('worker')]);
    await site.turnTo(site.roundAt(0));
    await site.untilAllLeft();

    const restarted = server.restart('fast');
    let refused = 0;
    const customer = { from: phoneOf(0), to: SMS_SENDER, channel: 'sms' as const, body: 'sluta skicka sms' };
    await site.until('a webhook is refused', async () => {
      refused = (await site.twilio.customerSends(customer)).status;
      return refused >= 500;
    });
    await restarted;
    await site.until(
      'it is known',
      async () => (await site.one('select count(*) as value from persons where opted_out_at is not null')) === 1,
    );
    expect(web.running).toBe(true);
    expect(
      await site.one(`select count(*) as value from messages where state = 'scheduled' and purpose = 'cadence'`),
    ).toBe(3);
  } finally {
    await site.close();
  }
});
