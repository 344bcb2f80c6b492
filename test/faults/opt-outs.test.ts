import { expect, jest, test } from '@jest/globals';
import { type Acknowledged, violations } from '../support/checker.ts';
import { inLanes } from '../support/lanes.ts';
import { seeded } from '../support/seeds.ts';
import { MORNING, openSite, phoneOf, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(240_000);

const PEOPLE = 120;
const BEFORE_DUE = 20;
const LANES = 8;

// but for the first, words that the gateway does not know: it lets our messages through
const WORDS = [
  'STOP',
  'Sluta',
  'please stop texting me',
  'sluta skicka sms',
  'Ta bort mig från listan',
  'lose my number',
];

test(
  '120 opt-outs by webhook while another process sends at full speed: silence after each acknowledgement',
  seeded(async (random, seed) => {
    // requests may take two seconds before they count as uncertain: this machine may be slow, the race is not about that
    const site = await openSite({ seed, httpTimeoutMs: 2000 });
    try {
      await site.people(PEOPLE);
      site.twilio.faults.set({ latencyMs: 5, answerDelayMs: 5 });
      await Promise.all([site.start('web'), site.start('worker')]);

      const acknowledged: Acknowledged[] = [];
      const optOut = async (person: number) => {
        const from = phoneOf(person);
        const body = random.pick(WORDS);
        const answer = await site.twilio.customerSends({ from, to: SMS_SENDER, channel: 'sms', body });
        expect(answer.status).toBe(200);
        acknowledged.push({ phone: from, at: Date.now() });
      };
      const order = random.shuffle(Array.from({ length: PEOPLE }, (_, n) => n));
      // some are certainly early and some certainly late; the others race
      await inLanes(LANES, order.splice(0, BEFORE_DUE), optOut);
      const late = order.splice(0, BEFORE_DUE);
      await site.turnTo(MORNING);
      await inLanes(LANES, order, optOut);
      await site.until('some were sent', () => site.twilio.journal.sent.some(({ body }) => body.includes('/o/')));
      await inLanes(LANES, late, optOut);
      await site.untilAllLeft();
      await site.turnTo(new Date(MORNING.getTime() + 15 * 86_400_000));
      await site.untilQuiet();
      await site.twilio.idle();

      const { journal } = site.twilio;
      const sql = site.database.db.system;
      expect(await violations({ sql, journal, now: site.clock.now(), acknowledged })).toEqual([]);
      expect(acknowledged.length).toBe(PEOPLE);
      expect(await site.one('select count(*) as value from persons where opted_out_at is null')).toBe(0);
      expect(await site.one(`select count(*) as value from events where type = 'person.opted_out'`)).toBe(PEOPLE);
      const follow = await site.one<number>(
        `select count(*) as value from messages where purpose = 'cadence' and sent_at is not null`,
      );
      expect(follow).toBeGreaterThan(0);
      expect(follow).toBeLessThanOrEqual(PEOPLE - BEFORE_DUE);
    } finally {
      await site.close();
    }
  }),
);
