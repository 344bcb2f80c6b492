import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Staff } from '../../src/tenants/index.ts';
import { enrolmentState, eventTypes, one, plan } from '../support/facts.ts';
import { openWorld, SMS_SENDER, WHATSAPP_SENDER, type World } from '../support/world.ts';

const ANNA = '+46701234567';
const day = (n: number, time = '10:00') => new Date(`2026-11-${23 + n}T${time}:00+01:00`);

describe('the follow-up of a test drive', () => {
  let world: World;
  let sofia: Staff;
  beforeEach(async () => {
    world = await openWorld();
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterEach(() => world.close());

  const bodies = () => world.twilio.journal.sent.map((message) => message.body);

  test('day 0 leaves at once, by SMS while no WhatsApp template is approved, with the opt-out words and links', async () => {
    const { leadId } = await world.drive(sofia);
    await world.settle();

    expect(await plan(world, leadId)).toEqual([
      expect.stringMatching(/^day_0 sms (sent|delivered)$/),
      'day_2 sms scheduled',
      'day_7 sms scheduled',
      'day_14 sms scheduled',
    ]);
    const [first] = bodies();
    expect(first).toContain('Anna');
    expect(first).toContain('BMW X5');
    expect(first).toContain('Nordic Motors');
    expect(first).toContain('STOPP');
    expect(first).toMatch(/\/o\/[\w-]{35}/);
    expect(first).toMatch(/\/terms\//);
    expect(world.twilio.journal.sent[0]).toMatchObject({ from: SMS_SENDER, to: ANNA });
  });

  test('days 2, 7 and 14 leave once each at ten local, and the follow-up is then complete', async () => {
    const { leadId } = await world.drive(sofia);
    await world.settle();
    for (const n of [2, 7, 14]) {
      const due = n === 14 ? new Date('2026-12-07T10:00:00+01:00') : day(n);
      await world.turnTo(new Date(due.getTime() - 60_000));
      const before = world.twilio.journal.sent.length;
      await world.turnTo(due);
      expect(world.twilio.journal.sent.length).toBe(before + 1);
      await world.settle();
      expect(world.twilio.journal.sent.length).toBe(before + 1);
    }
    expect(new Set(bodies()).size).toBe(4);
    expect(await enrolmentState(world, leadId)).toBe('completed');
    await world.twilio.idle();
    const types = await eventTypes(world, leadId);
    expect(types.slice(0, 3)).toEqual(['lead.captured', 'consent.given', 'enrolment.started']);
    expect(types.filter((type) => type === 'message.sent').length).toBe(4);
    expect(types.filter((type) => type === 'enrolment.ended').length).toBe(1);
  });

  test('in India, where SMS needs a registered text, the steps wait for the approval and then leave', async () => {
    const { leadId } = await world.drive(sofia, { phone: '+919876543210', language: 'en' });
    expect(await plan(world, leadId)).toEqual(
      ['day_0', 'day_2', 'day_7', 'day_14'].map((step) => `${step} whatsapp held template_needed`),
    );
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['en']);
    await world.rooms.templates.follow();
    await world.settle();
    await world.twilio.idle();
    const [first, second] = await plan(world, leadId);
    expect(first).toMatch(/^day_0 whatsapp (sent|delivered|scheduled outside_send_hours)$/);
    expect(second).toBe('day_2 whatsapp scheduled');
  });

  test('an approval lets nothing of a paused follow-up leave, nor is anything lost by it', async () => {
    const { leadId } = await world.drive(sofia, { phone: '+919876543210', language: 'en' });
    await world.rooms.desk.pause(sofia, leadId);
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['en']);
    await world.rooms.templates.follow();
    await world.settle();
    expect(await plan(world, leadId)).toEqual(
      ['day_0', 'day_2', 'day_7', 'day_14'].map((step) => `${step} whatsapp held paused`),
    );
    await world.rooms.desk.resume(sofia, leadId);
    await world.settle();
    await world.twilio.idle();
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 whatsapp (sent|delivered|scheduled outside_send_hours)$/);
  });

  test('after a long silence of ours two steps are due at once, and still come apart', async () => {
    const { leadId } = await world.drive(sofia);
    // nothing left on day 0: the gateway was away, or we were
    await world.turnTo(day(2, '11:00'));
    await world.twilio.idle();
    expect(await plan(world, leadId)).toEqual([
      expect.stringMatching(/^day_0 sms (sent|delivered)$/),
      'day_2 sms scheduled too_soon',
      'day_7 sms scheduled',
      'day_14 sms scheduled',
    ]);
    await world.turnTo(day(3, '10:00'));
    await world.twilio.idle();
    expect((await plan(world, leadId))[1]).toMatch(/^day_2 sms (sent|delivered)$/);
  });

  test('an approved template goes by WhatsApp, and by SMS when WhatsApp cannot reach', async () => {
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['sv']);
    await world.rooms.templates.follow();
    world.rooms.routing.forget(world.tenant.id);
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect(world.twilio.journal.sent[0]).toMatchObject({ channel: 'whatsapp', from: WHATSAPP_SENDER });
    expect(world.twilio.journal.sent[0]?.body).toContain('Anna');

    world.twilio.faults.setFor(ANNA, { notOnWhatsApp: 'async' });
    await world.turnTo(day(2));
    await world.twilio.idle();
    await world.settle();
    const [, second, third] = world.twilio.journal.sent;
    expect([second?.channel, third?.channel]).toEqual(['whatsapp', 'sms']);
    expect(third?.body).toBe(second?.body);

    // the number is known not to be on WhatsApp from now on
    await world.turnTo(day(7));
    expect(world.twilio.journal.sent.slice(3).map((message) => message.channel)).toEqual(['sms']);
    expect((await plan(world, leadId))[2]).toMatch(/^day_7 sms/);
  });

  test('a reply ends everything that is planned, and moves the lead', async () => {
    const { leadId } = await world.drive(sofia);
    await world.settle();
    const answer = await world.twilio.customerSends({
      from: ANNA,
      to: SMS_SENDER,
      channel: 'sms',
      body: 'Hej! Finns den i blått?',
    });
    expect(answer.status).toBe(200);

    expect(await plan(world, leadId)).toEqual([
      expect.stringMatching(/^day_0 sms (sent|delivered)$/),
      'day_2 sms cancelled replied',
      'day_7 sms cancelled replied',
      'day_14 sms cancelled replied',
    ]);
    expect(await enrolmentState(world, leadId)).toBe('replied');
    await world.turnTo(day(2));
    await world.turnTo(day(7));
    expect(world.twilio.journal.sent.length).toBe(1);
    expect(await one(world, 'select stage as value from leads')).toBe('replied');
  });

  test('no consent: nothing is stored and nothing is sent', async () => {
    await expect(world.drive(sofia, { consentGiven: false })).rejects.toMatchObject({
      code: 'validation_error',
      problems: [{ field: 'consent' }],
    });
    await world.settle();
    expect(await one(world, 'select count(*) as value from persons')).toBe(0);
    expect(await one(world, 'select count(*) as value from leads')).toBe(0);
    expect(await one(world, `select count(*) as value from events where type <> 'tenant.created'`)).toBe(0);
    expect(world.twilio.journal.creates).toBe(0);
  });

  test('two captures of one person at once make one lead, and the other hears of it', async () => {
    const results = await Promise.allSettled([
      world.drive(sofia),
      world.drive(sofia, { fields: { car: 'Volvo XC60' } }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await one(world, 'select count(*) as value from leads')).toBe(1);
    await world.settle();
    expect(world.twilio.journal.sent.length).toBe(1);
  });

  test('the same enquiry delivered twice is one lead', async () => {
    const first = await world.drive(sofia, { sourceKey: 'V1' });
    const second = await world.drive(sofia, { sourceKey: 'V1' });
    expect(second.leadId).toBe(first.leadId);
    expect(await one(world, 'select count(*) as value from messages')).toBe(4);
  });

  test('outside the hours day 0 waits for the next opening', async () => {
    world.clock.turnTo(new Date('2026-11-23T22:30:00+01:00').getTime() - Date.now());
    const { leadId } = await world.drive(sofia);
    await world.settle();
    expect(world.twilio.journal.creates).toBe(0);
    expect((await plan(world, leadId))[0]).toBe('day_0 sms scheduled');
    await world.turnTo(new Date('2026-11-24T09:00:00+01:00'));
    expect(world.twilio.journal.sent.length).toBe(1);
  });
});
