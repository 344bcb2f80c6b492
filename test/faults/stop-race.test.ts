import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createDispatcher } from '../../src/messaging/index.ts';
import { one } from '../support/facts.ts';
import { openWorld, SMS_SENDER, type World } from '../support/world.ts';

jest.setTimeout(60_000);

const PEOPLE = 200;
const phone = (n: number) => `+4670${1_000_000 + n}`;

describe('opt-outs racing a dispatcher at full speed', () => {
  let world: World;
  beforeEach(async () => {
    // night: every day-0 message waits for the opening, and all are due at once
    world = await openWorld({ at: new Date('2026-11-23T23:00:00+01:00'), whatsapp: false });
  });
  afterEach(() => world.close());

  test('nothing reaches a person after the acknowledgement, but for the one confirmation', async () => {
    const sofia = await world.hire('Sofia Lind', 'salesperson');
    for (let n = 0; n < PEOPLE; n += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => world.drive(sofia, { phone: phone(n + i), name: `Person ${n + i}` })),
      );
    }
    world.twilio.faults.set({ latencyMs: 3, answerDelayMs: 3 });
    const second = createDispatcher({ ...world.rooms.dispatching, worker: world.rooms.worker + 1 });

    world.clock.turnTo(new Date('2026-11-24T09:00:01+01:00').getTime() - Date.now());
    world.rooms.dispatcher.wake();
    second.wake();
    const order =
      fc.sample(
        fc.shuffledSubarray(
          Array.from({ length: PEOPLE }, (_, n) => n),
          { minLength: PEOPLE },
        ),
        { numRuns: 1, seed: 7 },
      )[0] ?? [];
    const acknowledged = new Map<string, number>();
    await Promise.all(
      [0, 1, 2, 3].map(async (lane) => {
        for (const n of order.filter((_, index) => index % 4 === lane)) {
          const answer = await world.twilio.customerSends({
            from: phone(n),
            to: SMS_SENDER,
            channel: 'sms',
            body: 'please stop texting me',
          });
          expect(answer.status).toBe(200);
          acknowledged.set(phone(n), Date.now());
        }
      }),
    );
    await second.idle();
    await world.settle();
    await world.turnTo(new Date('2026-11-26T10:00:00+01:00'));
    await second.stop();

    const late = world.twilio.journal.sent.filter((message) => message.at > (acknowledged.get(message.to) ?? 0));
    const confirmations = late.filter(
      (message) => message.body.includes('Nordic Motors') && !message.body.includes('/o/'),
    );
    expect(late.length).toBe(confirmations.length);
    for (let n = 0; n < PEOPLE; n++) {
      const mine = world.twilio.journal.sent.filter((message) => message.to === phone(n));
      expect(mine.filter((message) => message.body.includes('/o/')).length).toBeLessThanOrEqual(1);
      expect(mine.filter((message) => !message.body.includes('/o/')).length).toBeLessThanOrEqual(1);
    }
    expect(await one(world, 'select count(*) as value from persons where opted_out_at is null')).toBe(0);
    expect(
      await one(
        world,
        "select count(*) as value from messages where state in ('scheduled', 'claimed', 'sending', 'held')",
      ),
    ).toBe(0);
    // the race was a race: some were stopped before their message left, some after
    const left = world.twilio.journal.sent.filter((message) => message.body.includes('/o/')).length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(PEOPLE);
  });
});
