import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import type { CadenceStep, Settings, Staff } from '../../../src/tenants/index.ts';
import { enrolmentState, plan as standing } from '../../support/facts.ts';
import { MONDAY, openWorld, type World } from '../../support/world.ts';

const day = (n: number) => new Date(MONDAY.getTime() + n * 86_400_000);
const STEPS: CadenceStep[] = [
  { key: 'day_0', day: 0, template: 'drive_thanks' },
  { key: 'day_2', day: 2, template: 'drive_follow_up_1' },
  { key: 'day_7', day: 7, template: 'drive_follow_up_2' },
  { key: 'day_14', day: 14, template: 'drive_follow_up_3' },
];
const without = (key: string) => STEPS.filter((step) => step.key !== key);
const cadence = (steps: CadenceStep[]): Partial<Settings> => ({ cadences: { 'test-drive': { steps } } });

let world: World;
let anna: Staff;
let maria: Staff;
let serial = 10;
beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  anna = await world.hire('Anders', 'admin');
  maria = await world.hire('Maria', 'manager');
});
afterEach(async () => {
  // every test begins with the playbook's own plan and nobody in it
  await world.database.db.system.query(
    `update messages set state = 'cancelled', reason = 'test' where state in ('scheduled', 'held', 'claimed')`,
  );
  await world.database.db.system.query(`update enrolments set state = 'closed' where state in ('active', 'paused')`);
  world.clock.turnTo(MONDAY.getTime() - Date.now());
  await world.rooms.changes.make(anna, { patch: () => ({ cadences: {}, templates: {}, languages: null }) });
});
afterAll(() => world.close());

async function aLead(): Promise<LeadId> {
  const { leadId } = await world.drive(anna, { phone: `+467017606${serial++}`, language: 'en' });
  await world.settle();
  return leadId;
}
async function change(patch: Partial<Settings>, choice: 'keep' | 'move') {
  const draft = await world.rooms.changes.draft(anna, { patch: () => patch });
  const outcome = await world.rooms.changes.submit(anna, draft.id, choice);
  if (outcome.kind !== 'counts') throw new Error(`it ${outcome.kind}`);
  if (choice === 'move') await world.rooms.planMoves.move(world.tenant.id, 'test-drive', outcome.version);
  return { draft, version: outcome.version };
}
/** The plan; how far a message that left has come does not matter here. */
const plan = async (leadId: LeadId) => (await standing(world, leadId)).map((line) => line.replace('delivered', 'sent'));
const dues = async (leadId: LeadId) =>
  Object.fromEntries(
    (
      await world.database.db.system.query<{ step: string; due: Date }>(
        `select step_key as step, due_at as due from messages where lead_id = $1 and state = 'scheduled'`,
        [leadId],
      )
    ).map(({ step, due }) => [step, due.toISOString().slice(0, 16)]),
  );

describe('a cadence that changes while follow-ups run', () => {
  test('moved: steps that left stay, later ones take their new time, new ones come, removed ones go', async () => {
    const leads = [await aLead(), await aLead(), await aLead()];
    await world.turnTo(day(3));
    const steps: CadenceStep[] = [
      STEPS[0] as CadenceStep,
      { key: 'day_1', day: 1, template: 'drive_follow_up_1' },
      { key: 'day_9', day: 9, at: '18:30', template: 'drive_follow_up_1' },
      { ...(STEPS[3] as CadenceStep), day: 12 },
    ];
    const { draft } = await change(cadence(steps), 'move');
    expect(draft.touched).toEqual({ messages: 6, replanned: 3, reworded: 0, dropped: 3, followUps: 3, running: 3 });
    for (const leadId of leads) {
      expect(await plan(leadId)).toEqual([
        'day_0 sms sent',
        'day_2 sms sent',
        'day_7 sms cancelled replanned',
        'day_9 sms scheduled',
        'day_14 sms scheduled',
      ]);
      expect(await dues(leadId)).toEqual({ day_9: '2026-12-02T17:30', day_14: '2026-12-05T09:00' });
    }
    await world.turnTo(day(9.35));
    await world.turnTo(day(20));
    for (const leadId of leads) {
      expect(await plan(leadId)).toEqual(expect.arrayContaining(['day_9 sms sent', 'day_14 sms sent']));
      expect(await enrolmentState(world, leadId)).toBe('completed');
    }
  });

  test('new send hours: what is due outside them is counted by each customer’s own clock', async () => {
    await aLead();
    const inLondon = await world.drive(anna, { phone: '+442079460018', language: 'en' });
    await world.settle();
    const planned = Object.keys(await dues(inLondon.leadId)).length;
    const postponed = async (start: string) => {
      const patch = () => ({ sendHours: { start, end: '20:00' }, stepTime: '12:00' });
      const { touched } = await world.rooms.changes.draft(anna, { patch });
      return touched?.postponed;
    };
    // 10:00 in London is 11:00 where the business is
    expect(await postponed('10:30')).toBe(2 * planned);
    expect(await postponed('10:01')).toBe(2 * planned);
    expect(await postponed('10:00')).toBe(0);
    expect(await postponed('09:00')).toBeUndefined(); // they stay
  });

  test('kept: what runs goes on as it began, in its own words, and new leads follow the new plan', async () => {
    const old = await aLead();
    const said =
      'Hi {name}, this is {salesperson} at {business} about the {car}. Is there anything at all you would like to know?\n\nReply STOP to opt out.';
    const { version } = await change(
      {
        ...cadence(without('day_7')),
        templates: { 'test-drive': { drive_follow_up_1: { en: said } } },
      },
      'keep',
    );
    const fresh = await aLead();
    expect(Object.keys(await dues(old))).toEqual(expect.arrayContaining(['day_2', 'day_7', 'day_14']));
    expect(Object.keys(await dues(fresh)).sort()).toEqual(['day_14', 'day_2']);
    await world.turnTo(day(2.2));
    const bodies = world.twilio.journal.sent.slice(-2).map(({ body }) => body);
    expect(bodies.filter((body) => body.includes('anything at all'))).toHaveLength(1);
    expect(bodies.filter((body) => body.includes('Has anything come up'))).toHaveLength(1);
    // moving them later brings them along after all
    await world.rooms.planMoves.move(world.tenant.id, 'test-drive', version);
    expect(Object.keys(await dues(old))).toEqual(['day_14']);
  });

  test('what was taken out and put back leaves again, and moving twice changes nothing', async () => {
    const leadId = await aLead();
    await change(cadence(without('day_7')), 'move');
    expect(Object.keys(await dues(leadId)).sort()).toEqual(['day_14', 'day_2']);
    const { version } = await change(cadence(STEPS), 'move');
    const before = await dues(leadId);
    expect(before).toHaveProperty('day_7', '2026-11-30T09:00');
    expect(await world.rooms.planMoves.move(world.tenant.id, 'test-drive', version)).toEqual({ followUps: 0 });
    expect(await dues(leadId)).toEqual(before);
  });

  test('a paused follow-up stays paused, and goes on by the new plan', async () => {
    const leadId = await aLead();
    await world.rooms.desk.pause(anna, leadId);
    await change(cadence([...STEPS, { key: 'day_21', day: 21, template: 'drive_follow_up_3' }]), 'move');
    expect(await plan(leadId)).toEqual(expect.arrayContaining(['day_21 sms held paused', 'day_7 sms held paused']));
    await world.rooms.desk.resume(anna, leadId);
    expect(await plan(leadId)).toContain('day_21 sms scheduled');
  });

  test('a customer who stops while plans are moved is not written to', async () => {
    const leads = await Promise.all([aLead(), aLead(), aLead(), aLead()]);
    const draft = await world.rooms.changes.draft(anna, { patch: () => cadence(without('day_2')) });
    const outcome = await world.rooms.changes.submit(anna, draft.id, 'move');
    if (outcome.kind !== 'counts') throw new Error('it waits');
    const moving = async (): Promise<void> => {
      try {
        await world.rooms.planMoves.move(world.tenant.id, 'test-drive', outcome.version);
      } catch {
        return moving(); // some were locked by the stops
      }
    };
    await Promise.all([moving(), moving(), ...leads.map((lead) => world.rooms.desk.stop(anna, lead))]);
    for (const lead of leads) {
      expect(await dues(lead)).toEqual({});
      expect(await enrolmentState(world, lead)).toBe('opted_out');
    }
  });

  test('a step that moves into the past leaves at the next opening, once', async () => {
    const leadId = await aLead();
    await world.turnTo(day(2.2));
    await world.turnTo(day(4));
    await change(
      cadence([...STEPS.slice(0, 2), { ...(STEPS[2] as CadenceStep), day: 3 }, STEPS[3] as CadenceStep]),
      'move',
    );
    await world.turnTo(day(4.1));
    expect((await plan(leadId)).filter((line) => line.startsWith('day_7'))).toEqual(['day_7 sms sent']);
  });

  test('a manager does not change the cadence', async () => {
    await expect(world.rooms.changes.draft(maria, { patch: () => cadence(without('day_2')) })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
