import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isKnown } from '../../../src/lib/errors.ts';
import type { LeadId, MessageId } from '../../../src/lib/ids.ts';
import type { StatusReport } from '../../../src/messaging/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { parseInbound } from '../../../src/vendors/twilio/index.ts';
import { createRandom, seeded } from '../../support/seeds.ts';
import { inboundForm } from '../../support/twilio.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../../support/world.ts';

/* Everybody who locks rows locks them in one order (src/README.md, "Locks"): nobody waits in a circle. */

let world: World;
let sofia: Staff;
beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  sofia = await world.hire('Sofia Lind', 'manager');
});
afterAll(() => world.close());

const PEOPLE = 12;
const DAY_MS = 86_400_000;
const phoneOf = (n: number) => `+4670${3_000_000 + n}`;

/** What the gateway has taken so far: our message and attempt, and its own id. */
const taken = (): Omit<StatusReport, 'status'>[] =>
  world.twilio.journal.sent.flatMap(({ sid, statusCallback }) => {
    const query = new URL(statusCallback ?? '').searchParams;
    const messageId = query.get('message') as MessageId | null;
    return messageId ? [{ messageId, attempt: Number(query.get('attempt')), gatewayId: sid }] : [];
  });

test(
  'copies of messages, reports, stops, pauses and outcomes of the same people at once: no deadlock, and no error',
  seeded(async (_, seed) => {
    const random = createRandom(seed);
    const { rooms, database, twilio } = world;
    twilio.faults.set({ callbacks: 'none', latencyMs: 15, answerDelayMs: 15, rateLimited: 0.1 });
    const leads: LeadId[] = [];
    for (let n = 0; n < PEOPLE; n++) {
      leads.push((await world.drive(sofia, { phone: phoneOf(n), name: `Person ${n}` })).leadId);
    }
    const desk = (work: Promise<unknown>) =>
      work.catch((error: unknown) => {
        if (!isKnown(error)) throw error; // nothing to pause, say
      });
    const arrives = (n: number, round: number, Body: string) => {
      const id = `SM${round}${String(n).padStart(31, '0')}`;
      const form = inboundForm({ MessageSid: id, SmsSid: id, SmsMessageSid: id, From: phoneOf(n), To: SMS_SENDER, Body });
      return rooms.inbox.receive(parseInbound(form), 'twilio.inbound', form);
    };
    const reports = (status: StatusReport['status']) =>
      rooms.statuses(
        random.shuffle(taken()).map((report) => ({
          ...report,
          status,
          ...(status === 'failed' && { failure: { reason: 'later', code: '30001' } as const }),
        })),
      );

    for (let round = 0; round < 6; round++) {
      world.clock.turnTo(MONDAY.getTime() + round * 3 * DAY_MS - Date.now());
      rooms.dispatcher.wake();
      const acts = leads.flatMap((leadId, n): (() => Promise<unknown>)[] => {
        const body = n % 6 === round ? (n % 2 ? 'STOP' : 'Hej! Finns den i blått?') : undefined;
        return [
          () => desk(rooms.desk.pause(sofia, leadId)),
          () => desk(rooms.desk.resume(sofia, leadId)),
          () => desk(rooms.desk.resume(sofia, leadId)),
          ...(body ? [1, 2, 3, 4].map(() => () => arrives(n, round, body)) : []),
          ...(n % 6 === round + 1 ? [1, 2].map(() => () => rooms.desk.stop(sofia, leadId)) : []),
        ];
      });
      const others = (['sent', 'delivered', 'sent', 'delivered'] as const).map((status) => () => reports(status));
      // what a gateway took lately comes back as failed, and is planned again
      const all = [...acts, ...others, ...others, () => reports('failed'), () => world.housekeep()];
      await Promise.all(random.shuffle(all).map((act) => act()));
      await rooms.dispatcher.idle();
    }
    expect(database.db.restarts.deadlock).toBe(0);
  }),
);
