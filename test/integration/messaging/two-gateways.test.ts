import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accountsOf, statusPath } from '../../../src/gateways.ts';
import type { StatusReport, VendorGateway } from '../../../src/messaging/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { createRandom } from '../../support/seeds.ts';
import { SINCH, startSinch, type TestSinch } from '../../support/sinch.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../support/twilio.ts';
import { until } from '../../support/until.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../../support/world.ts';

/* Two SMS senders of two gateways, and single messages: too few for a breaker to notice anything. */

const SINCH_SMS = '+46700000009';

let world: World;
let sinch: TestSinch;
let sofia: Staff;
const platform = new Map<string, VendorGateway>();
let people = 0;
const ask = <T extends object>(sql: string, values: unknown[] = []) => world.database.db.system.query<T>(sql, values);

beforeAll(async () => {
  sinch = await startSinch();
  const twilio = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, messagingServiceSid: undefined, apiUrl: undefined };
  world = await openWorld({
    gateways: platform,
    accounts: [
      ...accountsOf({ ...twilio, smsFrom: SMS_SENDER, whatsappFrom: undefined }),
      { vendor: 'sinch', channel: 'sms', sender: SINCH_SMS, gatewayAccount: SINCH.appId, rate: 1 } as const,
    ].map((account) => ({ ...account, rate: 100_000 })),
    statusPath,
    httpTimeoutMs: 3000,
  });
  platform.set('twilio', world.gateway);
  platform.set('sinch', sinch.connect({ httpTimeoutMs: 3000 }));
  sofia = await world.hire('Sofia Lind', 'salesperson');
});
afterAll(async () => {
  await world.close();
  await sinch.stop();
});
beforeEach(async () => {
  world.twilio.faults.clear();
  sinch.standIn.faults.clear();
  sinch.standIn.setApp('CONVERSATION', 7);
  await inOrder('twilio', 'sinch');
});

/** The tenant's senders in this order, and no others; somebody has listened all the time. */
async function inOrder(...vendors: string[]): Promise<void> {
  await ask(
    `update routes r set place = coalesce(array_position($1::text[], a.vendor), 99),
       retired_at = case when a.vendor = any($1::text[]) then null else clock_timestamp() end
     from accounts a where a.id = r.account_id`,
    [vendors],
  );
  await ask(
    `update accounts set seen_until = clock_timestamp() + interval '1 hour', rests = 0, rests_until = null, rest_reason = null,
       refilled_at = clock_timestamp(), tokens = rate`,
  );
  await world.rooms.channels.tend(); // what waits for one that was put away goes by the others
  await relearn();
}
/** What is remembered of senders, and of who may send, is asked anew. */
async function relearn(): Promise<void> {
  const { routes = [] } = await world.rooms.routing.of(world.tenant.id);
  for (const { account } of routes) world.rooms.routing.rested(account.id, null);
  world.rooms.routing.forget(world.tenant.id);
  world.skip(2000);
}
async function somebody(): Promise<string> {
  const phone = `+4670${5_000_000 + people++}`;
  await world.drive(sofia, { phone, name: `Anna ${people}` });
  return phone;
}
/** Business time goes on by so many seconds, in steps. */
async function pass(seconds: number, step = 1, before = async () => {}): Promise<void> {
  for (let gone = 0; gone < seconds; gone += step) {
    world.clock.turnTo(world.clock.offsetMs + step * 1000);
    await before();
    await world.settle();
  }
}
async function inTurn<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let n = 0; n < times; n++) done.push(await work());
  return done;
}
/** By whom it went to somebody, oldest first. */
const wentTo = (phone: string) => [
  ...world.twilio.journal.sent.flatMap(({ to }) => (to === phone ? ['twilio'] : [])),
  ...sinch.standIn.journal.sent.flatMap(({ customer }) => (customer === phone ? ['sinch'] : [])),
];
async function first(phone: string) {
  const [row] = await ask<{ id: string; state: string; reason: string | null; attempt: number; vendor: string }>(
    `select m.id, m.state, m.reason, m.attempt, c.vendor from messages m join addresses a on a.person_id = m.person_id
       join accounts c on c.id = m.account_id where a.value = $1 and m.step_key = 'day_0'`,
    [phone],
  );
  if (!row) throw new Error('there is no first message');
  return row;
}

describe('a single message', () => {
  test('whose gateway cannot be reached goes by the other one within seconds', async () => {
    await world.twilio.faults.down();
    try {
      const phone = await somebody();
      await world.settle();
      expect(await first(phone)).toMatchObject({ state: 'scheduled', attempt: 1, vendor: 'twilio' });
      await pass(2);
      expect(wentTo(phone)).toEqual(['sinch']);
      expect(await first(phone)).toMatchObject({ state: 'sent', attempt: 3, vendor: 'sinch' });
    } finally {
      await world.twilio.faults.up();
    }
  });

  test('stays with the sender of its conversation while that one works', async () => {
    const phone = await somebody();
    await inOrder('sinch');
    await world.settle();
    expect(wentTo(phone)).toEqual(['sinch']);
    await inOrder('twilio', 'sinch');
    await ask(
      `update messages m set due_at = $2 from addresses a where a.person_id = m.person_id and a.value = $1 and m.step_key = 'day_2'`,
      [phone, world.clock.now()],
    );
    await pass(13 * 3600, 13 * 3600);
    await pass(12 * 3600, 6 * 3600);
    expect(wentTo(phone)).toEqual(['sinch', 'sinch']);
  });

  test('with one sender, whose gateway is down for three minutes, leaves once, by itself', async () => {
    await inOrder('twilio');
    await world.twilio.faults.down();
    const phone = await somebody();
    await world.settle();
    await pass(180, 20);
    expect(wentTo(phone)).toEqual([]);
    expect(await first(phone)).toMatchObject({ state: 'scheduled', vendor: 'twilio' });
    await world.twilio.faults.up();
    await pass(600, 60);
    expect([await first(phone), wentTo(phone)]).toMatchObject([
      { state: expect.stringMatching(/^(sent|delivered)$/) },
      ['twilio'],
    ]);
  });
});

describe('a process that starts while a gateway cannot say what came meanwhile', () => {
  const HOUR = 3600;
  /** As a process does it: it knows nothing of before. */
  async function starts(): Promise<void> {
    await world.rooms.catchUp.started();
    world.skip(2000);
  }
  afterEach(async () => {
    await sinch.standIn.faults.down();
    await sinch.standIn.faults.up();
  });

  test.each([1, 2])(
    'writes to nobody who may have stopped there, and to everybody else by the other one (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      world.clock.turnTo(MONDAY.getTime() + seed * 7 * 24 * HOUR * 1000 - world.clock.machine());
      await world.settle();
      await inOrder('sinch', 'twilio');
      const known = await inTurn(10, somebody);
      await world.settle();
      expect(known.map(wentTo)).toEqual(known.map(() => ['sinch']));
      const stopped = new Set(known.filter((_, n) => n === 0 || random.next() < 0.5));
      // nobody listens: what they write reaches only Sinch's own list
      for (const from of stopped) {
        await sinch.standIn.customerSends({ from, to: SINCH_SMS, channel: 'sms', body: 'STOP' });
      }
      await sinch.standIn.faults.down();
      await pass(2 * 24 * HOUR, 2 * 24 * HOUR, starts);
      const fresh = await inTurn(5, somebody);
      await world.settle();
      await pass(120, 40);
      expect(fresh.map(wentTo)).toEqual(fresh.map(() => ['twilio']));
      expect(known.map(wentTo)).toEqual(known.map(() => ['sinch']));

      // it is back, at any moment of a round
      const rounds = pass(600, 60);
      await sinch.standIn.faults.up();
      await rounds;
      await until(async () => {
        world.skip(2000);
        await world.rooms.catchUp.serveable();
        return world.rooms.catchUp.unheard().length === 0;
      }, 'Sinch to be heard');
      await pass(24 * HOUR, 12 * HOUR);
      const reached = known.map((phone) => wentTo(phone).length);
      expect(reached).toEqual(known.map((phone) => (stopped.has(phone) ? 1 : 2)));
    },
  );
});

describe('a sender that is taken and reported as refused later', () => {
  const RESTED = `update accounts set rests_until = clock_timestamp(), refilled_at = clock_timestamp(), tokens = rate where vendor = 'sinch'`;
  const restOf = async (vendor: string) => {
    await world.rooms.dispatching.health.settle();
    const [row] = await ask<{ rests: number; reason: string | null }>(
      'select rests, rest_reason as reason from accounts where vendor = $1',
      [vendor],
    );
    return row;
  };
  const told = async () => {
    const rows = await ask<{ what: string }>(
      `select type || ' ' || coalesce(data->>'reason', '') as what from events
       where type like 'sender.re%' and data->>'vendor' = 'sinch' order by id`,
    );
    return rows.map(({ what }) => what.trim());
  };
  const report = async (phone: string, changes: Partial<StatusReport> = {}) => {
    const { id, attempt } = await first(phone);
    const failure = { reason: 'sender', code: 'CHANNEL_BAD_CONFIGURATION' } as const;
    const base = { messageId: id, attempt, gatewayId: `M${id}`, gatewayAccount: SINCH.appId };
    await world.rooms.statuses([{ ...base, status: 'failed', failure, ...changes }]);
  };

  test('rests at once, its messages go by the other one, and only what is delivered ends it for good', async () => {
    await inOrder('sinch', 'twilio');
    const [before, phone, late] = [await told(), await somebody(), await somebody()];
    await world.settle();
    expect([wentTo(phone), wentTo(late)]).toEqual([['sinch'], ['sinch']]);
    await report(phone);
    expect(await restOf('sinch')).toEqual({ rests: 1, reason: 'reported' });
    await pass(2);
    expect(wentTo(phone)).toEqual(['twilio', 'sinch']);
    expect(await first(phone)).toMatchObject({ attempt: 2, vendor: 'twilio' });

    // the rest is over: being taken proves nothing, nor does what comes late of one that was taken before
    await ask(RESTED);
    await relearn();
    await report(late);
    const next = await somebody();
    await world.settle();
    expect(wentTo(next)).toEqual(['sinch']);
    expect(await restOf('sinch')).toEqual({ rests: 1, reason: 'reported' });
    await report(next);
    expect(await restOf('sinch')).toEqual({ rests: 2, reason: 'reported' });

    await ask(RESTED);
    await relearn();
    const last = await somebody();
    await world.settle();
    expect(wentTo(last)).toEqual(['sinch']);
    const { id, attempt } = await first(last);
    await world.rooms.statuses([
      { messageId: id, attempt, gatewayId: `M${id}`, gatewayAccount: SINCH.appId, status: 'delivered' },
    ]);
    expect(await restOf('sinch')).toEqual({ rests: 0, reason: null });
    expect((await told()).slice(before.length)).toEqual(['sender.rested reported', 'sender.recovered']);
  });
});

describe('reports out of order', () => {
  test.each(['twilio', 'sinch'] as const)('of %s change nothing once a message is delivered', async (vendor) => {
    await inOrder(vendor, vendor === 'twilio' ? 'sinch' : 'twilio');
    world.twilio.faults.set({ callbacks: 'none' });
    const phone = await somebody();
    await world.settle();
    const { id, attempt } = await first(phone);
    const gatewayAccount = vendor === 'sinch' ? SINCH.appId : ACCOUNT_SID;
    const says = (status: StatusReport['status']) =>
      world.rooms.statuses([{ messageId: id, attempt, gatewayId: `G${id}`, gatewayAccount, status }]);
    for (const status of ['delivered', 'sent', 'delivered', 'accepted', 'sent'] as const) await says(status);
    await world.rooms.statuses([
      {
        messageId: id,
        attempt,
        gatewayId: `G${id}`,
        gatewayAccount,
        status: 'failed',
        failure: { reason: 'later', code: '1' },
      },
    ]);
    expect(await first(phone)).toMatchObject({ state: 'delivered', attempt: 1, vendor });
    await says('read');
    await says('delivered');
    expect(await first(phone)).toMatchObject({ state: 'read', attempt: 1 });
    const events = await ask<{ type: string; n: number }>(
      `select type, count(*)::int as n from events where message_id = $1 group by 1 order by 1`,
      [id],
    );
    expect(events.filter(({ type }) => /delivered|read|failed/.test(type))).toEqual([
      { type: 'message.delivered', n: 1 },
      { type: 'message.read', n: 1 },
    ]);
  });
});

describe('an answer of Sinch that got lost', () => {
  const looked = async () => {
    await ask(`update sends set check_at = clock_timestamp() where state = 'uncertain'`);
    return world.housekeep();
  };

  test('is found in the list of the mode that the app is in, and not sent again', async () => {
    await inOrder('sinch', 'twilio');
    platform.set('sinch', sinch.connect());
    sinch.standIn.setApp('DISPATCH', 7);
    sinch.standIn.faults.set({ dropAfterAccept: true, callbacks: 'none' });
    const phone = await somebody();
    await world.settle();
    expect(await first(phone)).toMatchObject({ state: 'uncertain' });
    sinch.standIn.faults.clear();
    await looked();
    expect(await first(phone)).toMatchObject({ state: 'sent', attempt: 1 });
    await pass(120, 60);
    expect(wentTo(phone)).toEqual(['sinch']);
  });

  test('is for a person to decide when the app keeps nothing', async () => {
    await inOrder('sinch', 'twilio');
    platform.set('sinch', sinch.connect()); // nothing is known of the app yet
    sinch.standIn.setApp('DISPATCH', 0);
    sinch.standIn.faults.set({ dropAfterAccept: true, callbacks: 'none' });
    const phone = await somebody();
    await world.settle();
    sinch.standIn.faults.clear();
    await looked();
    expect(await first(phone)).toMatchObject({ state: 'uncertain' });
    await ask(`update sends set started_at = started_at - interval '2 minutes' where state = 'uncertain'`);
    await looked();
    expect(await first(phone)).toMatchObject({ state: 'unconfirmed' });
    await pass(120, 60);
    expect(wentTo(phone)).toEqual(['sinch']);
  });
});
