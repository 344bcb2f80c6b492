import { expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { type Killing, killing } from '../support/killing.ts';
import { type Random, seeded } from '../support/seeds.ts';
import { openSite } from '../support/site.ts';

jest.setTimeout(900_000);

async function play(random: Random, seed: number, plan: Killing, patient: boolean): Promise<void> {
  const site = await openSite({ seed, httpTimeoutMs: 1000, patient });
  try {
    await killing(site, random, plan);
    const { journal } = site.twilio;
    expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
    expect(journal.sent.length).toBe(plan.people);
  } finally {
    await site.close();
  }
}

test(
  'kill -9 of any process, twelve times, while 1,500 messages leave through three workers',
  seeded((random, seed) => play(random, seed, { people: 1500, kills: 12, workers: 3, web: true }, false)),
);

test(
  'kill -9 of the only worker, with leases, verdicts and ticks in their real time',
  seeded((random, seed) => play(random, seed, { people: 500, kills: 4, workers: 1 }, true)),
);
