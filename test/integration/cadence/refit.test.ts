import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Effect } from '../../../src/events/index.ts';
import type { LeadId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { enrolmentState, eventTypes, one, plan as standing } from '../../support/facts.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../../support/world.ts';

/* What a score band asks for follows when the band is another (002, "Score-Based Actions"). */

const day = (n: number) => new Date(MONDAY.getTime() + n * 86_400_000);
const LOW = { service: 'hourly' };
/** 10 + 30 + 25 + 15 */
const CRITICAL = { company: 'Acme', estimated_value: 1000, service: 'corporate', passengers: 8 };
/** 10 + 20 + 25 + 5 */
const HIGH = { company: 'Acme', estimated_value: 500, service: 'corporate', passengers: 3 };

let world: World;
let admin: Staff;
let people = 0;
beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  admin = await world.hire('Anders', 'admin');
});
afterAll(() => world.close());

const aPhone = () => `+4670176${String(++people).padStart(4, '0')}`;
async function enquiry(phone: string, facts: object, consent = true): Promise<LeadId> {
  const payload = { name: 'Jo Ek', phone, language: 'en', ...facts, ...(consent && { consent }) };
  const incoming = {
    tenantId: world.tenant.id,
    source: 'form',
    playbook: 'corporate-travel',
    payload,
    submissionId: '',
  };
  const { leadId } = await world.rooms.enquiries.receive(incoming);
  return leadId;
}
const plan = async (leadId: LeadId) => (await standing(world, leadId)).map((line) => line.replace('delivered', 'sent'));
const text = (leadId: LeadId, step: string) =>
  one<string>(world, 'select template_key as value from messages where lead_id = $1 and step_key = $2', [leadId, step]);
const due = async (leadId: LeadId, step: string) =>
  (
    await one<Date>(world, 'select due_at as value from messages where lead_id = $1 and step_key = $2', [leadId, step])
  )?.getTime() ?? 0;
const reset = () => world.clock.turnTo(MONDAY.getTime() - Date.now());

/** Carries out what a change of weights has asked for. */
async function rescore(weights: Record<string, number>): Promise<void> {
  await world.rooms.changes.make(admin, { patch: () => ({ scoring: { 'corporate-travel': weights } }) });
  await world.rooms.rescore(world.tenant.id);
  const asked = await world.database.db.system.query<Effect>(
    `delete from effects where kind = 'plan.refit' returning tenant_id as "tenantId", key, data`,
  );
  for (const effect of asked) await world.rooms.planMoves.handleRefit(effect);
  await world.settle();
}

describe('a score band that changes', () => {
  test('up after the answer: the steps of the new band follow, counted from the enquiry that told it, nobody is thanked twice', async () => {
    reset();
    const phone = aPhone();
    const leadId = await enquiry(phone, LOW);
    await world.settle();
    expect(await plan(leadId)).toEqual(['day_0 sms sent']);
    expect(await enrolmentState(world, leadId)).toBe('completed');

    await world.turnTo(day(2));
    expect(await enquiry(phone, CRITICAL)).toBe(leadId);
    await world.settle();
    const steps = ['day_3 sms scheduled', 'day_7 sms scheduled', 'day_14 sms scheduled'];
    expect(await plan(leadId)).toEqual(['day_0 sms sent', ...steps]);
    expect(await due(leadId, 'day_3')).toBeGreaterThan(day(4).getTime());
    expect(await enrolmentState(world, leadId)).toBe('active');
    expect((await eventTypes(world, leadId)).filter((type) => type === 'enrolment.started')).toHaveLength(2);

    // the same again, and down: what is for the higher bands goes
    await enquiry(phone, CRITICAL);
    expect(await plan(leadId)).toEqual(['day_0 sms sent', ...steps]);
    await enquiry(phone, { estimated_value: 0, service: 'hourly', passengers: 1 });
    await world.settle();
    expect((await plan(leadId)).slice(1)).toEqual(
      steps.map((step) => step.replace('scheduled', 'cancelled replanned')),
    );
    expect(await enrolmentState(world, leadId)).toBe('completed');

    // and up once more
    await world.rooms.amend(admin, leadId, { fields: { value: '1000', service: 'corporate', group_size: '8' } });
    await world.settle();
    expect(await plan(leadId)).toEqual(['day_0 sms sent', ...steps]);
    for (const n of [6, 10, 17]) await world.turnTo(day(n));
    expect(await plan(leadId)).toEqual(['day_0 sms sent', 'day_3 sms sent', 'day_7 sms sent', 'day_14 sms sent']);
  });

  test('while the answer waits: it leaves in the words of the new band, with its steps', async () => {
    reset();
    const night = new Date('2026-11-23T22:30:00Z');
    await world.turnTo(night);
    const phone = aPhone();
    const leadId = await enquiry(phone, LOW);
    expect(await text(leadId, 'day_0')).toBe('inquiry_received');
    await enquiry(phone, CRITICAL);
    expect(await text(leadId, 'day_0')).toBe('inquiry_premium');
    expect((await plan(leadId)).map((line) => line.split(' ')[0])).toEqual(['day_0', 'day_3', 'day_7', 'day_14']);
  });

  test('by other weights: what runs and what was over follow, as far as it is still ahead', async () => {
    reset();
    const high = await enquiry(aPhone(), HIGH);
    const low = await enquiry(aPhone(), { service: 'airport' });
    await world.settle();
    expect(await plan(high)).toHaveLength(4);
    await world.turnTo(day(5));
    await rescore({ service: 0 });
    expect(await plan(high)).toEqual([
      'day_0 sms sent',
      'day_3 sms sent',
      'day_7 sms cancelled replanned',
      'day_14 sms cancelled replanned',
    ]);
    await rescore({ service: 100 });
    expect((await plan(high)).slice(2)).toEqual(['day_7 sms scheduled', 'day_14 sms scheduled']);
    // day 3 has passed
    expect(await plan(low)).toEqual(['day_0 sms sent', 'day_7 sms scheduled', 'day_14 sms scheduled']);
    await rescore({});
  });

  test('a first agreement begins the steps that need one, with the same band', async () => {
    reset();
    const phone = aPhone();
    const leadId = await enquiry(phone, CRITICAL, false);
    await world.settle();
    expect(await plan(leadId)).toEqual(['day_0 sms sent']);
    await enquiry(phone, { city: 'Uppsala' });
    await world.settle();
    expect((await plan(leadId)).slice(1)).toEqual([
      'day_3 sms scheduled',
      'day_7 sms scheduled',
      'day_14 sms scheduled',
    ]);
  });

  test('without one nothing but the answer', async () => {
    reset();
    const phone = aPhone();
    const leadId = await enquiry(phone, LOW, false);
    await world.settle();
    await enquiry(phone, CRITICAL, false);
    expect(await plan(leadId)).toEqual(['day_0 sms sent']);
  });
});

describe('an answer that a step asks for', () => {
  /** 10 + 30 + 20 + 15, and with an event or a wedding 70: the same band */
  const AIRPORT = { company: 'Acme', estimated_value: 1000, service: 'airport', passengers: 8 };
  const seventh = async (leadId: LeadId) => (await plan(leadId)).filter((line) => line.startsWith('day_7')).sort();
  const forMany = ['day_7 sms scheduled'];
  const forOne = ['day_7 sms cancelled replanned', 'day_7_occasion sms scheduled'];
  const manyAgain = ['day_7 sms scheduled', 'day_7_occasion sms cancelled replanned'];

  test('changes: its steps are planned and the others cancelled, whoever says so', async () => {
    reset();
    const phone = aPhone();
    const leadId = await enquiry(phone, AIRPORT);
    await world.settle();
    expect(await seventh(leadId)).toEqual(forMany);
    await world.rooms.amend(admin, leadId, { fields: { service: 'wedding' } });
    expect(await seventh(leadId)).toEqual(forOne);
    expect(await text(leadId, 'day_7_occasion')).toBe('inquiry_occasion');
    // a further enquiry, and one that says the same
    await enquiry(phone, { service: 'airport' });
    expect(await seventh(leadId)).toEqual(manyAgain);
    const before = (await eventTypes(world, leadId)).filter((type) => type === 'enrolment.replanned');
    await enquiry(phone, { service: 'airport' });
    await world.rooms.amend(admin, leadId, { fields: { city: 'Uppsala', service: 'airport' } });
    expect(await seventh(leadId)).toEqual(manyAgain);
    expect(before).toHaveLength(2);

    for (const n of [4, 8, 15]) await world.turnTo(day(n));
    expect(await plan(leadId)).toEqual(
      expect.arrayContaining(['day_0 sms sent', 'day_3 sms sent', 'day_7 sms sent', 'day_14 sms sent']),
    );
    // what has passed does not come after all
    await world.rooms.amend(admin, leadId, { fields: { service: 'wedding' } });
    expect((await plan(leadId)).filter((line) => line.startsWith('day_7_occasion'))).toEqual([
      'day_7_occasion sms cancelled replanned',
    ]);
  });

  test('changes while the follow-up is paused: the new step waits with the others', async () => {
    reset();
    const leadId = await enquiry(aPhone(), AIRPORT);
    await world.settle();
    await world.rooms.desk.pause(admin, leadId);
    await world.rooms.amend(admin, leadId, { fields: { service: 'events' } });
    expect(await seventh(leadId)).toEqual(['day_7 sms cancelled replanned', 'day_7_occasion sms held paused']);
  });

  test('settings that give a step a condition take it from leads that do not fulfil it', async () => {
    reset();
    const leadId = await enquiry(aPhone(), { ...AIRPORT, service: 'events' });
    await world.settle();
    const { steps } = world.rooms.playbooks.get('corporate-travel').cadence;
    const only = steps.map((step) => (step.key === 'day_14' ? { ...step, when: { service: ['airport'] } } : step));
    await world.rooms.changes.make(admin, { patch: () => ({ cadences: { 'corporate-travel': { steps: only } } }) });
    const { version } = await world.rooms.tenants.latest(world.tenant.id);
    await world.rooms.planMoves.move(world.tenant.id, 'corporate-travel', version);
    expect((await plan(leadId)).filter((line) => line.startsWith('day_14'))).toEqual([
      'day_14 sms cancelled replanned',
    ]);
    await world.rooms.changes.make(admin, { patch: () => ({ cadences: {} }) });
  });
});

describe('never after', () => {
  const goneUp = async (before: (leadId: LeadId, phone: string) => Promise<unknown>) => {
    reset();
    const phone = aPhone();
    const leadId = await enquiry(phone, LOW);
    await world.settle();
    await before(leadId, phone);
    await enquiry(phone, CRITICAL);
    await world.settle();
    return (await plan(leadId)).filter((line) => line.startsWith('day_'));
  };
  const says = async (phone: string, body: string) => {
    await world.twilio.customerSends({ from: phone, to: SMS_SENDER, channel: 'sms', body });
    await world.settle();
  };

  test('an answer', async () => {
    expect(await goneUp((_, phone) => says(phone, 'Can you call me on Friday?'))).toEqual(['day_0 sms sent']);
  });
  test('an opt-out', async () => {
    expect(await goneUp((_, phone) => says(phone, 'STOP'))).toEqual(['day_0 sms sent']);
  });
  test('a move by people', async () => {
    expect(await goneUp((leadId) => world.rooms.desk.move(admin, leadId, 'qualified'))).toEqual(['day_0 sms sent']);
  });
  test('an end by people', async () => {
    const ends = async (leadId: LeadId) => {
      await world.rooms.enrolment.start(admin, leadId);
      await world.rooms.enrolment.end(admin, leadId);
    };
    expect(await goneUp(ends)).toEqual(['day_0 sms sent', 'day_0 sms cancelled closed']);
  });
});
