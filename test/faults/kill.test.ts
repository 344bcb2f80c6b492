import { expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import type { AppProcess } from '../support/processes.ts';
import { type Random, seeded } from '../support/seeds.ts';
import { MORNING, openSite, phoneOf, type Site } from '../support/site.ts';

jest.setTimeout(240_000);

const PEOPLE = 500;

/** Slow, and one request in five ends in doubt: taken or not, cut or answered 500. Half of the phones report nothing. */
function misbehave({ twilio }: Site, random: Random): void {
  const gateway = { latencyMs: 30, answerDelayMs: 30 };
  twilio.faults.set({
    ...gateway,
    dropAfterAccept: 0.06,
    dropBeforeAccept: 0.05,
    error500: 0.05,
    error500AfterAccept: 0.05,
  });
  for (let n = 0; n < PEOPLE; n++) if (random.next() < 0.5) twilio.faults.setFor(phoneOf(n), { callbacks: 'none' });
}

test(
  'kill -9 of workers at random moments while 500 messages leave: none twice, none lost',
  seeded(async (random, seed) => {
    const site = await openSite({ seed, rate: 200 });
    try {
      await site.people(PEOPLE);
      misbehave(site, random);
      const started = await Promise.all([site.start('web'), site.start('worker'), site.start('worker')]);
      const workers: AppProcess[] = started.slice(1);
      await site.turnTo(MORNING);

      const moments = Array.from({ length: 3 }, () => random.between(10, 400)).sort((a, b) => a - b);
      for (const moment of moments) {
        await site.until(`${moment} requests`, () => site.twilio.journal.creates >= moment);
        await new Promise((resolve) => setTimeout(resolve, random.between(0, 40)));
        const [victim] = workers.splice(random.between(0, workers.length - 1), 1);
        if (!victim) throw new Error('nobody to kill');
        await victim.kill9();
        await site.expireClaims(victim);
        workers.push(await site.start('worker'));
      }
      await site.untilAllLeft();
      await site.twilio.idle();

      const { db } = site.database;
      const { journal } = site.twilio;
      expect(await violations({ sql: db.system, journal, now: site.clock.now() })).toEqual([]);
      expect(journal.sent.length).toBe(PEOPLE);
    } finally {
      await site.close();
    }
  }),
);
