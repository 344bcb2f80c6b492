import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Staff } from '../../../src/tenants/index.ts';
import { enrolmentState, eventTypes, one, plan } from '../../support/facts.ts';
import { openWorld, SMS_SENDER, type World } from '../../support/world.ts';

const ANNA = '+46701234567';

describe('an attempt whose outcome is not known', () => {
  let world: World;
  let sofia: Staff;
  beforeEach(async () => {
    world = await openWorld({ httpTimeoutMs: 1500 });
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterEach(() => world.close());

  /** Housekeeping until nothing is uncertain, a minute of the machine's time later: that is what verdicts come by. */
  async function untilSettled(): Promise<void> {
    await world.database.db.system.query(
      `update sends set started_at = started_at - interval '60 seconds', check_at = clock_timestamp()
       where state in ('sending', 'uncertain')`,
    );
    for (let tries = 0; tries < 200; tries++) {
      await world.housekeep();
      await world.settle();
      const open = await one<number>(
        world,
        "select count(*) as value from messages where state in ('sending', 'uncertain')",
      );
      if (open === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('still uncertain');
  }

  test('taken by the gateway, answer lost: found in its list, and not sent again (COMPLIANCE T12.5)', async () => {
    world.twilio.faults.set({ dropAfterAccept: 1 });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    world.twilio.faults.clear();
    await untilSettled();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)$/);
    expect(world.twilio.journal.sent.length).toBe(1);
    expect(await one(world, 'select stage as value from leads where id = $1', [leadId])).toBe('contacted');
  });

  test('the status callback alone proves it', async () => {
    world.twilio.faults.set({ dropAfterAccept: 1 });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    await world.twilio.idle();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)$/);
    expect(await eventTypes(world, leadId)).toEqual(expect.arrayContaining(['message.sent', 'lead.moved']));
    expect(await one(world, 'select stage as value from leads where id = $1', [leadId])).toBe('contacted');
  });

  test('never taken: the list is empty after the waiting time, and it is sent once', async () => {
    world.twilio.faults.set({ dropBeforeAccept: 1, callbacks: 'none' });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms uncertain/);
    expect(await world.housekeep()).toBe(0); // too early to say that it is not there
    world.twilio.faults.clear();
    await untilSettled();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)$/);
    expect(world.twilio.journal.sent.length).toBe(1);
  });

  test('a stop meanwhile says that it may have left; what has not, does not leave any more', async () => {
    world.twilio.faults.set({ dropBeforeAccept: 1, callbacks: 'none' });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms uncertain/);
    expect(await world.rooms.desk.stop(sofia, leadId)).toMatchObject({ inFlight: true, settled: false });
    const told = `select data->'inFlight' as value from effects where kind = 'staff.tell'`;
    expect(await one(world, told)).toBe(true);
    world.twilio.faults.clear();
    await untilSettled();
    expect((await plan(world, leadId))[0]).toBe('day_0 sms cancelled opted_out');
    expect(world.twilio.journal.sent).toEqual([]);
  });

  test.each(['list', 'report'])(
    'a pause while the last message is on its way: over when the gateway’s %s shows it',
    async (by) => {
      const { leadId } = await world.drive(sofia);
      await world.settle();
      const start = world.clock.now().getTime();
      for (const days of [2, 7, 14]) {
        if (days === 14) world.twilio.faults.set({ dropAfterAccept: 1, callbacks: 'none' });
        await world.turnTo(new Date(start + days * 86_400_000));
      }
      expect((await plan(world, leadId)).at(-1)).toMatch(/^day_14 sms uncertain/);
      await world.rooms.desk.pause(sofia, leadId);
      expect(await enrolmentState(world, leadId)).toBe('paused');
      world.twilio.faults.clear();
      if (by === 'report') {
        const messageId = await one<string>(world, `select id as value from messages where step_key = 'day_14'`);
        const gatewayId = world.twilio.journal.sent.at(-1)?.sid ?? '';
        await world.rooms.statuses([{ messageId: messageId ?? '', attempt: 1, gatewayId, status: 'delivered' }]);
      } else await untilSettled();
      expect(await enrolmentState(world, leadId)).toBe('completed');
      expect(await eventTypes(world, leadId)).toEqual(expect.arrayContaining(['enrolment.paused', 'enrolment.ended']));
    },
  );

  test('a gateway that answers 500 may have taken it or not: once each way', async () => {
    world.twilio.faults.set({ error500AfterAccept: 1, callbacks: 'none' });
    await world.drive(sofia);
    await world.settle();
    world.twilio.faults.set({ error500AfterAccept: 0, error500: 1, callbacks: 'none' });
    await world.drive(sofia, { phone: '+46701234568', name: 'Lars Olsson' });
    await world.settle();
    world.twilio.faults.clear();
    await untilSettled();
    expect(world.twilio.journal.sent.map((message) => message.to).sort()).toEqual([ANNA, '+46701234568']);
  });

  test('a hanging gateway: the request ends at its deadline, and the verdict follows', async () => {
    world.twilio.faults.set({ hang: 'before' });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms uncertain/);
    world.twilio.faults.clear();
    await untilSettled();
    expect(world.twilio.journal.sent.length).toBe(1);
  });

  test('a gateway that is down took nothing: tried again later, not reconciled', async () => {
    await world.twilio.faults.down();
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms scheduled again:/);
    await world.twilio.faults.up();
    await world.turnTo(new Date(world.clock.now().getTime() + 60_000));
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)$/);
  });

  test('a stop meanwhile: what turns out not to be sent stays unsent', async () => {
    world.twilio.faults.set({ dropBeforeAccept: 1 });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    world.twilio.faults.clear();
    await world.twilio.customerSends({ from: ANNA, to: SMS_SENDER, channel: 'sms', body: 'STOP' });
    await untilSettled();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms cancelled/);
    expect(world.twilio.journal.sent.length).toBe(0);
  });

  test('callbacks twice, late and in the wrong order only move the status forward', async () => {
    world.twilio.faults.set({ duplicateCallbacks: true, reverseCallbacks: true });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    await world.twilio.idle();
    expect((await plan(world, leadId))[0]).toBe('day_0 sms delivered');
    expect(await one(world, "select count(*) as value from events where type = 'message.sent'")).toBe(1);
    expect(await one(world, "select count(*) as value from events where type = 'message.delivered'")).toBe(1);
  });

  test('credentials refused: the account rests, nothing is lost, and it leaves once they are right', async () => {
    world.twilio.faults.setFor(ANNA, { refuseWith: 20003 });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect((await plan(world, leadId))[0]).toBe('day_0 sms scheduled again:20003');
    expect(
      await one(
        world,
        'select bool_or(tokens + rate * extract(epoch from clock_timestamp() - refilled_at) < 0) as value from accounts',
      ),
    ).toBe(true);
    world.twilio.faults.clear();
    await world.database.db.system.query(
      'update accounts set refilled_at = clock_timestamp(), tokens = rate, rests_until = clock_timestamp()',
    );
    const { accounts } = await world.rooms.routing.of(world.tenant.id);
    for (const account of Object.values(accounts)) world.rooms.routing.rested(account.id, null);
    await world.turnTo(new Date(world.clock.now().getTime() + 120_000));
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)$/);
  });
});
