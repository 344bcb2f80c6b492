import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Staff } from '../../src/tenants/index.ts';
import { enrolmentState, one, plan } from '../support/facts.ts';
import { ACCOUNT_SID } from '../support/twilio.ts';
import { openWorld, SMS_SENDER, WHATSAPP_SENDER, type World } from '../support/world.ts';

const ANNA = '+46701234567';
const DAY_2 = new Date('2026-11-25T10:00:00+01:00');

describe('a stop', () => {
  let world: World;
  let sofia: Staff;
  beforeEach(async () => {
    world = await openWorld();
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterEach(() => world.close());

  const says = (body: string, channel: 'sms' | 'whatsapp' = 'sms') =>
    world.twilio.customerSends({ from: ANNA, to: channel === 'sms' ? SMS_SENDER : WHATSAPP_SENDER, channel, body });

  async function nothingMore(): Promise<void> {
    const before = world.twilio.journal.sent.length;
    await world.turnTo(DAY_2);
    await world.turnTo(new Date('2026-12-07T10:00:00+01:00'));
    expect(world.twilio.journal.sent.length).toBe(before);
  }

  test.each([
    'STOP',
    'stop.',
    'Ѕtop',
    'S T O P',
    'unsubscribe',
    'AVSLUTA',
    'sluta skicka sms till mig',
    'please lose my number',
  ])('%j cancels everything on all channels (COMPLIANCE T2.1)', async (words) => {
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect((await says(words)).status).toBe(200);
    expect((await plan(world, leadId)).filter((line) => line.includes('cancelled opted_out')).length).toBe(3);
    expect(await enrolmentState(world, leadId)).toBe('opted_out');
    await world.settle();
    await nothingMore();
  });

  test('in plain words gets one confirmation, and a second one gets none (COMPLIANCE T2.4)', async () => {
    await world.drive(sofia);
    await world.settle();
    await says('snälla sluta skriva till mig');
    await world.settle();
    const confirmations = () => world.twilio.journal.sent.slice(1);
    expect(confirmations().length).toBe(1);
    await says('sluta skriva sa jag');
    await world.settle();
    expect(confirmations().length).toBe(1);
    await nothingMore();
  });

  test('as a bare keyword by SMS is confirmed by Twilio itself, not by us', async () => {
    await world.drive(sofia);
    await world.settle();
    await says('STOP');
    await world.settle();
    expect(world.twilio.journal.sent.length).toBe(1);
    expect(world.twilio.journal.autoReplies.length).toBe(1);
  });

  test('by WhatsApp also ends what is planned by SMS', async () => {
    await world.drive(sofia);
    await world.settle();
    await says('stop', 'whatsapp');
    await world.settle();
    expect(world.twilio.journal.sent.map((message) => message.channel)).toEqual(['sms', 'whatsapp']);
    await nothingMore();
  });

  test('outlives the lead: the same person cannot be logged again until they write START', async () => {
    await world.drive(sofia);
    await world.settle();
    await says('please lose my number');
    await expect(world.drive(sofia)).rejects.toMatchObject({ code: 'opted_out' });

    await says('yes');
    await expect(world.drive(sofia)).rejects.toMatchObject({ code: 'opted_out' });

    await says('START');
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)/);
  });

  test('told by the gateway (21610) is an opt-out, and is not tried again (COMPLIANCE T1.3)', async () => {
    world.twilio.faults.setFor(ANNA, { refuseWith: 21610 });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect(await enrolmentState(world, leadId)).toBe('opted_out');
    expect(await one(world, 'select count(*) as value from persons where opted_out_at is not null')).toBe(1);
    await nothingMore();
    expect(world.twilio.journal.creates).toBe(1);
  });

  test('waits until a request in flight has settled before it is acknowledged (COMPLIANCE T2.2)', async () => {
    world.twilio.faults.set({ answerDelayMs: 150 });
    await world.drive(sofia);
    world.rooms.dispatcher.wake();
    while (world.twilio.journal.creates === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const answer = await says('STOP');
    expect(answer.status).toBe(200);
    const states = await world.database.db.system.query<{ state: string }>(
      "select state from messages where state = 'sending'",
    );
    expect(states).toEqual([]);
  });

  test('unsure words pause the follow-up and ask a person', async () => {
    const { leadId } = await world.drive(sofia);
    await world.settle();
    await says("please don't text me while I'm at work");
    expect(await enrolmentState(world, leadId)).toBe('paused');
    expect((await plan(world, leadId))[1]).toBe('day_2 sms held unsure');
    await nothingMore();
  });

  test('an automatic reply does not end the follow-up', async () => {
    const { leadId } = await world.drive(sofia);
    await world.settle();
    await says('Jag kör bil just nu. Hör av mig när jag är framme. (Autosvar)');
    expect(await enrolmentState(world, leadId)).toBe('active');
  });

  test('that is delivered twice has one effect', async () => {
    await world.drive(sofia);
    await world.settle();
    const { sid } = await says('please stop texting me');
    const body = world.twilio.journal.inbound.find((message) => message.sid === sid);
    expect(body).toBeDefined();
    await world.rooms.inbox.receive(
      {
        gatewayId: sid,
        accountSid: 'AC0123456789abcdef0123456789abcdef',
        channel: 'sms',
        from: ANNA,
        to: SMS_SENDER,
        body: body?.body ?? '',
        media: [],
      },
      'twilio.inbound',
      {},
    );
    await world.settle();
    expect(await one(world, "select count(*) as value from messages where direction = 'in'")).toBe(1);
    expect(await one(world, "select count(*) as value from events where type = 'person.opted_out'")).toBe(1);
    expect(world.twilio.journal.sent.length).toBe(2);
  });

  test('holds against a START that came before it and is heard after it', async () => {
    await world.drive(sofia);
    await world.settle();
    const heardLate = (gatewayId: string, cameAt: Date) =>
      world.rooms.inbox.receive(
        {
          gatewayId,
          accountSid: ACCOUNT_SID,
          channel: 'sms',
          from: ANNA,
          to: SMS_SENDER,
          body: 'START',
          media: [],
          cameAt,
        },
        'twilio.inbound',
        {},
      );
    const isOut = () => one(world, 'select opted_out_at is not null as value from persons');
    await says('STOP');
    const between = new Date(world.clock.machine() - 1000);
    await world.turnTo(new Date(world.clock.now().getTime() + 120_000));
    await says('please stop texting me'); // who asks twice has asked last
    await heardLate('SMbefore', between);
    expect(await isOut()).toBe(true);
    expect(await one(world, `select count(*) as value from effects where data->>'what' = 'unsure'`)).toBe(1);
    await nothingMore();
    await heardLate('SMafter', new Date(world.clock.machine() + 1000));
    expect(await isOut()).toBe(false);
  });

  test('what is heard late opens WhatsApp’s window from when it came, not from now', async () => {
    const cameAt = new Date(world.clock.machine() - 30 * 3_600_000);
    await world.rooms.inbox.receive(
      {
        gatewayId: 'SMlate',
        accountSid: ACCOUNT_SID,
        channel: 'whatsapp',
        from: ANNA,
        to: WHATSAPP_SENDER,
        body: 'Hej',
        media: [],
        cameAt,
      },
      'twilio.inbound',
      {},
    );
    const opened = await one<Date>(world, 'select last_inbound_at as value from service_windows');
    expect(world.clock.now().getTime() - Number(opened)).toBeGreaterThanOrEqual(30 * 3_600_000);
  });
});
