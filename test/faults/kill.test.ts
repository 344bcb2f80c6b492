import { expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { killing } from '../support/killing.ts';
import { seeded } from '../support/seeds.ts';
import { openSite } from '../support/site.ts';

jest.setTimeout(240_000);

/** Of each round more are due than one worker sends at once. */
const PEOPLE = 300;

test(
  'kill -9 of workers at random moments while 300 messages leave: none twice, none lost',
  seeded(async (random, seed) => {
    const site = await openSite({ seed, httpTimeoutMs: 1000 });
    try {
      await killing(site, random, { people: PEOPLE, kills: 2, workers: 2 });
      const { journal } = site.twilio;
      expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
      expect(journal.sent.length).toBe(PEOPLE);
    } finally {
      await site.close();
    }
  }),
);
