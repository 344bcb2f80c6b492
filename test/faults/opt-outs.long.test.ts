import { expect, jest, test } from '@jest/globals';
import { type Acknowledged, violations } from '../support/checker.ts';
import { inLanes } from '../support/lanes.ts';
import { seeded } from '../support/seeds.ts';
import { openSite, phoneOf, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(600_000);

const PEOPLE = 600;
const KILLS = 4;
const DAY_MS = 86_400_000;

test(
  'opt-outs while those who receive and those who send are killed: heard by webhook or found afterwards, all count',
  seeded(async (random, seed) => {
    const site = await openSite({ seed, httpTimeoutMs: 2000 });
    try {
      await site.people(PEOPLE, KILLS + 1);
      site.twilio.faults.set({ latencyMs: 10, answerDelayMs: 10 });
      let [web, worker] = await Promise.all([site.start('web'), site.start('worker')]);

      const acknowledged: Acknowledged[] = [];
      let unheard = 0;
      const optOut = async (person: number) => {
        const customer = { from: phoneOf(person), to: SMS_SENDER, channel: 'sms', body: 'sluta skicka sms' } as const;
        const { status } = await site.twilio.customerSends(customer);
        if (status === 200) acknowledged.push({ phone: customer.from, at: Date.now() });
        else unheard++;
      };
      const order = random.shuffle(Array.from({ length: PEOPLE }, (_, n) => n));
      for (let round = 0; round <= KILLS; round++) {
        const share = order.splice(0, PEOPLE / (KILLS + 1));
        await site.turnTo(site.roundAt(round));
        const writing = inLanes(6, share, optOut);
        if (round < KILLS) {
          const before = acknowledged.length;
          await site.until('some are heard', () => acknowledged.length >= before + random.between(5, 60));
          await Promise.all([web.kill9(), worker.kill9()]);
          await writing;
          await site.expireClaims(worker);
          // now this one is up first, now that one
          if (random.next() < 0.5) worker = await site.start('worker');
          web = await site.start('web');
          if (!worker.running) worker = await site.start('worker');
        } else await writing;
      }
      await site.until('all are known', async () => {
        const known = 'select count(*) as value from persons where opted_out_at is not null';
        return (await site.one(known)) === PEOPLE;
      });
      await site.untilAllLeft();
      await site.turnTo(new Date(site.clock.now().getTime() + 15 * DAY_MS));
      await site.untilAllLeft();
      await site.twilio.idle();

      const { journal } = site.twilio;
      const sql = site.database.db.system;
      expect(await violations({ sql, journal, now: site.clock.now(), acknowledged })).toEqual([]);
      expect(unheard).toBeGreaterThan(0);
      expect(acknowledged.length).toBe(PEOPLE - unheard);
    } finally {
      await site.close();
    }
  }),
);
