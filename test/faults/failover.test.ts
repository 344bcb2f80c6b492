import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { accountsOf, statusPath } from '../../src/gateways.ts';
import type { VendorGateway } from '../../src/messaging/index.ts';
import type { Staff } from '../../src/tenants/index.ts';
import { parseCallback } from '../../src/vendors/sinch/index.ts';
import { one } from '../support/facts.ts';
import { SINCH, startSinch, type TestSinch } from '../support/sinch.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '../support/twilio.ts';
import { until } from '../support/until.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../support/world.ts';

jest.setTimeout(120_000); // many captures and cuts, on a busy machine

/* A gateway dies in the middle of sending, and another one takes over (G2, G3, A7). */

const LONG = process.env.LONG_FAULTS !== undefined;
const PEOPLE = LONG ? 1000 : 120;
const DIES_AFTER = LONG ? 400 : 50;
const phoneOf = (n: number) => `+4670${1_000_000 + n}`;

describe(`a gateway that dies in the middle of ${PEOPLE} first messages`, () => {
  let world: World;
  let sinch: TestSinch;
  let sofia: Staff;
  const ask = <T>(sql: string, values: unknown[] = []) => world.database.db.system.query<T & object>(sql, values);
  const sentTo = () => [
    ...world.twilio.journal.sent.map(({ to }) => to),
    ...sinch.standIn.journal.sent.map(({ customer }) => customer),
  ];

  /** From now on the next success counts; somebody has listened all the time. */
  async function restIsOver(): Promise<void> {
    await ask(
      `update accounts set rests_until = clock_timestamp(), refilled_at = clock_timestamp(), tokens = rate,
         seen_until = clock_timestamp() + interval '1 hour'`,
    );
    const { routes = [] } = await world.rooms.routing.of(world.tenant.id);
    for (const { account } of routes) world.rooms.routing.rested(account.id, null);
    world.rooms.routing.forget(world.tenant.id);
    world.skip(2000);
  }

  beforeAll(async () => {
    sinch = await startSinch();
    const night = new Date(MONDAY.getTime() - 12 * 3_600_000);
    const platform = new Map<string, VendorGateway>();
    const twilio = {
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      messagingServiceSid: undefined,
      apiUrl: undefined,
    };
    world = await openWorld({
      at: night,
      gateways: platform,
      accounts: [
        ...accountsOf({ ...twilio, smsFrom: SMS_SENDER, whatsappFrom: undefined }),
        { vendor: 'sinch', channel: 'sms', sender: '+46700000009', gatewayAccount: SINCH.appId, rate: 1000 } as const,
      ].map((account) => ({ ...account, rate: 100_000 })),
      statusPath,
      concurrency: 16,
      httpTimeoutMs: 3000,
    });
    platform.set('twilio', world.gateway);
    platform.set('sinch', sinch.connect({ httpTimeoutMs: 3000 }));
    sofia = await world.hire('Sofia Lind', 'salesperson');
    for (let n = 0; n < PEOPLE; n++) await world.drive(sofia, { phone: phoneOf(n), name: `Anna ${n}` });
  });
  afterAll(async () => {
    await world.close();
    await sinch.stop();
  });

  test('none is sent twice, none is lost, and what nobody can know is shown', async () => {
    // callbacks would prove what the gateway took before it died: none come, so that only the list could tell
    world.twilio.faults.set({ callbacks: 'none', answerDelayMs: 5 });
    let taken = 0;
    world.twilio.journal.subscribe((event) => {
      if (event.kind === 'sent' && ++taken === DIES_AFTER) void world.twilio.faults.down();
    });
    await world.turnTo(MONDAY);
    // what certainly did not leave comes back a second later
    await world.turnTo(new Date(MONDAY.getTime() + 30_000));
    await world.turnTo(new Date(MONDAY.getTime() + 90_000));
    const open = () =>
      one<number>(
        world,
        `select count(*)::int as value from messages where step_key = 'day_0' and state = 'scheduled'`,
      );
    // on a machine that is busy some are tried once more
    for (let minute = 3; minute < 12 && (await open()) !== 0; minute++) {
      await world.turnTo(new Date(MONDAY.getTime() + minute * 60_000));
    }

    const states = await ask<{ state: string; count: number }>(
      `select state, count(*)::int as count from messages where step_key = 'day_0' group by 1 order by 1`,
    );
    const count = (...names: string[]) =>
      states.filter(({ state }) => names.includes(state)).reduce((sum, each) => sum + each.count, 0);
    expect(count('sent', 'delivered', 'uncertain')).toBe(PEOPLE);
    expect(count('sent', 'delivered')).toBeGreaterThanOrEqual(PEOPLE - 16);
    expect(sinch.standIn.journal.sent.length).toBeGreaterThanOrEqual(PEOPLE - DIES_AFTER - 16);
    // nobody got it twice, and nobody is neither sent to nor in doubt
    expect(new Set(sentTo()).size).toBe(sentTo().length);
    expect(
      world.twilio.journal.sent.length + sinch.standIn.journal.sent.length + count('uncertain'),
    ).toBeGreaterThanOrEqual(PEOPLE);

    // its list cannot be read while it is dead: asked for long enough, a person decides; never a guess
    await ask(
      `update sends set started_at = started_at - interval '2 minutes', check_at = clock_timestamp() where state = 'uncertain'`,
    );
    await world.housekeep();
    const [verdict] = await ask<{ unconfirmed: number; uncertain: number }>(
      `select count(*) filter (where state = 'unconfirmed')::int as unconfirmed,
         count(*) filter (where state = 'uncertain')::int as uncertain from messages where step_key = 'day_0'`,
    );
    expect(verdict).toEqual({ unconfirmed: count('uncertain'), uncertain: 0 });
    expect(new Set(sentTo()).size).toBe(sentTo().length);
    process.stdout.write(
      `failover: ${PEOPLE} first messages, the first gateway died after ${DIES_AFTER}: it took ${world.twilio.journal.sent.length}, ` +
        `the second took ${sinch.standIn.journal.sent.length}, ${verdict?.unconfirmed} wait for a person, ` +
        `${sentTo().length - new Set(sentTo()).size} were sent twice. Not proven here: real gateways.\n`,
    );
  });

  test('the rest and the next sender are in the log, once', async () => {
    const rested = await ask<{ data: object }>(`select data from events where type = 'sender.rested'`);
    expect(rested.map(({ data }) => data)).toEqual([
      { channel: 'sms', vendor: 'twilio', reason: 'silent', next: 'sinch' },
    ]);
    await world.rooms.dispatching.health.settle();
    const health = await ask<{ vendor: string; taken: number; silent: number }>(
      `select a.vendor, sum(h.taken)::int as taken, sum(h.silent)::int as silent
       from account_health h join accounts a on a.id = h.account_id group by 1 order by 1`,
    );
    expect(health.find(({ vendor }) => vendor === 'sinch')).toMatchObject({
      taken: sinch.standIn.journal.sent.length,
      silent: 0,
    });
    expect(health.find(({ vendor }) => vendor === 'twilio')?.silent).toBeGreaterThanOrEqual(5);
  });

  test('a report of the gateway that was left counts for its attempt, and not for the one after it', async () => {
    const phone = phoneOf(PEOPLE + 1);
    await restIsOver();
    await world.drive(sofia, { phone, name: 'Cia' });
    const find = () =>
      ask<{ id: string; attempt: number }>(
        `select m.id, m.attempt from messages m join addresses a on a.person_id = m.person_id
         where a.value = $1 and m.step_key = 'day_0' and m.state = 'sent' and m.attempt > 1`,
        [phone],
      );
    const moved = await until(async () => {
      world.clock.turnTo(world.clock.offsetMs + 1000);
      await world.settle();
      return (await find())[0];
    }, 'a message to change its gateway');
    expect(sentTo().filter((each) => each === phone)).toHaveLength(1);
    const late = { messageId: moved.id, attempt: 1, gatewayId: 'SMlate', status: 'read' } as const;
    const stateOf = async () =>
      (await ask<{ state: string }>('select state from messages where id = $1', [moved.id]))[0]?.state;
    const before = await stateOf();

    // from somebody else's account it says nothing at all
    await world.rooms.statuses([{ ...late, gatewayAccount: 'ACsomebody' }]);
    const attempts = `select attempt, state, status from sends where message_id = $1 order by attempt`;
    expect((await ask<{ status: string | null }>(attempts, [moved.id]))[0]?.status).toBeNull();

    await world.rooms.statuses([{ ...late, gatewayAccount: ACCOUNT_SID }]);
    expect((await ask(attempts, [moved.id]))[0]).toMatchObject({ attempt: 1, state: 'accepted', status: 'read' });
    expect(await stateOf()).toBe(before);
  });

  test('a conversation keeps its sender when the first one is back', async () => {
    await world.twilio.faults.up();
    world.twilio.faults.clear();
    await restIsOver();

    const [person] = await ask<{ id: string; phone: string }>(
      `select m.person_id as id, a.value as phone from messages m join accounts c on c.id = m.account_id
         join addresses a on a.id = m.address_id where c.vendor = 'sinch' and m.state = 'sent' limit 1`,
    );
    const before = sinch.standIn.journal.sent.length;
    await world.drive(sofia, { phone: phoneOf(PEOPLE), name: 'Bo' }); // somebody new
    await world.turnTo(new Date(MONDAY.getTime() + 2 * 24 * 3_600_000));
    expect(world.twilio.journal.sent.map(({ to }) => to)).toContain(phoneOf(PEOPLE));
    expect(sinch.standIn.journal.sent.slice(before).map(({ customer }) => customer)).toContain(person?.phone);
    await world.rooms.dispatching.health.settle();
    expect(await one(world, `select count(*)::int as value from events where type = 'sender.recovered'`)).toBe(1);
  });

  test('a stop that comes by the second gateway counts everywhere', async () => {
    const phone = phoneOf(0);
    const payload = JSON.stringify({
      app_id: SINCH.appId,
      opt_out_notification: { channel: 'SMS', identity: phone.slice(1), status: 'OPT_OUT_SUCCEEDED', contact_id: '' },
    });
    const callback = parseCallback(payload);
    if (callback.kind !== 'message') throw new Error('not a message');
    await world.rooms.inbox.receive(callback.message, 'sinch.callback', { payload });
    const open = await ask(
      `select from messages m join addresses a on a.person_id = m.person_id and a.value = $1
       where m.state in ('scheduled', 'claimed', 'held')`,
      [phone],
    );
    expect(open).toEqual([]);
  });
});
