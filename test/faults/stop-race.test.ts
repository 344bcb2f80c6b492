import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createDispatcher, type Dispatcher } from '../../src/messaging/index.ts';
import { type Acknowledged, violations } from '../support/checker.ts';
import { one } from '../support/facts.ts';
import { inLanes } from '../support/lanes.ts';
import { createRandom } from '../support/seeds.ts';
import { openWorld, SMS_SENDER, type World } from '../support/world.ts';

jest.setTimeout(120_000);

const PEOPLE = 120;
/** So many opt out before anything is due, and so many only after something has left; the others race. */
const CERTAIN = 20;
const LANES = 4;
const phone = (n: number) => `+4670${1_000_000 + n}`;

describe('opt-outs racing two dispatchers at full speed', () => {
  let world: World;
  let second: Dispatcher;
  beforeEach(async () => {
    // night: every day-0 message waits for the opening, and all are due at once
    const at = new Date('2026-11-23T23:00:00+01:00');
    // whether a slow machine makes requests uncertain is not what this is about
    world = await openWorld({ at, whatsapp: false, httpTimeoutMs: 3000 });
    second = createDispatcher({ ...world.rooms.dispatching, worker: world.rooms.worker + 1 });
  });
  afterEach(async () => {
    await second.stop();
    await world.close();
  });

  /** Housekeeping and dispatching until nothing is open. */
  async function untilQuiet(): Promise<void> {
    for (;;) {
      await world.housekeep();
      await world.settle();
      await second.idle();
      const open = `select count(*) as value from messages where (state = 'scheduled' and due_at <= $1)
        or state in ('claimed', 'sending', 'uncertain')`;
      if ((await one(world, open, [world.clock.now()])) === 0) return;
    }
  }

  test('nothing reaches a person after the acknowledgement, but for the one confirmation', async () => {
    const sofia = await world.hire('Sofia Lind', 'salesperson');
    for (let n = 0; n < PEOPLE; n += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => world.drive(sofia, { phone: phone(n + i), name: `Person ${n + i}` })),
      );
    }
    const { faults, journal } = world.twilio;
    faults.set({ latencyMs: 3, answerDelayMs: 3 });
    const acknowledged: Acknowledged[] = [];
    const optOut = async (n: number) => {
      const words = { from: phone(n), to: SMS_SENDER, channel: 'sms', body: 'please stop texting me' } as const;
      expect((await world.twilio.customerSends(words)).status).toBe(200);
      acknowledged.push({ phone: phone(n), at: Date.now() });
    };
    const order = createRandom(7).shuffle(Array.from({ length: PEOPLE }, (_, n) => n));

    await inLanes(LANES, order.splice(0, CERTAIN), optOut);
    const last = order.splice(0, CERTAIN);
    world.clock.turnTo(new Date('2026-11-24T09:00:01+01:00').getTime() - Date.now());
    world.rooms.dispatcher.wake();
    second.wake();
    await inLanes(LANES, order, optOut);
    while (!journal.sent.some((message) => message.body.includes('/o/'))) await world.settle();
    await inLanes(LANES, last, optOut);
    await untilQuiet();
    await world.turnTo(new Date('2026-11-26T10:00:00+01:00'));
    await untilQuiet();
    await world.twilio.idle();

    const sql = world.database.db.system;
    expect(await violations({ sql, journal, now: world.clock.now(), acknowledged })).toEqual([]);
    expect(await one(world, 'select count(*) as value from persons where opted_out_at is null')).toBe(0);
    for (let n = 0; n < PEOPLE; n++) {
      const mine = journal.sent.filter((message) => message.to === phone(n));
      expect(mine.filter((message) => message.body.includes('/o/')).length).toBeLessThanOrEqual(1);
      expect(mine.filter((message) => !message.body.includes('/o/')).length).toBeLessThanOrEqual(1);
    }
    const follow = journal.sent.filter((message) => message.body.includes('/o/')).length;
    expect(follow).toBeGreaterThan(0);
    expect(follow).toBeLessThanOrEqual(PEOPLE - CERTAIN);
  });
});
