import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { trialOf } from '../../../src/cadence/index.ts';
import { append, type NewEvent } from '../../../src/events/index.ts';
import { type LeadId, newId, type PersonId, type StaffId } from '../../../src/lib/ids.ts';
import { periodOf, readTrial } from '../../../src/reports/index.ts';
import { RULES } from '../../../src/reports/rules.ts';
import { type CadenceStep, type Settings, type Staff, tenantPlaybook } from '../../../src/tenants/index.ts';
import { one, plan } from '../../support/facts.ts';
import { settled } from '../../support/settled.ts';
import { texts } from '../../support/texts.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../../support/world.ts';

const day = (n: number) => new Date(MONDAY.getTime() + n * 86_400_000);
const STEPS = (share: number): CadenceStep[] => [
  { key: 'day_0', day: 0, template: 'drive_thanks' },
  { key: 'day_2', day: 2, template: 'drive_follow_up_1', variants: { drive_follow_up_2: share } },
  { key: 'day_14', day: 14, template: 'drive_follow_up_3' },
];

let world: World;
let anna: Staff;
let serial = 0;
beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  anna = await world.hire('Anders', 'admin');
});
afterAll(() => world.close());

async function change(patch: Partial<Settings>): Promise<number> {
  const draft = await world.rooms.changes.draft(anna, { patch: () => patch });
  const outcome = await world.rooms.changes.submit(anna, draft.id, 'move');
  if (outcome.kind !== 'counts') throw new Error(`it ${outcome.kind}`);
  await world.rooms.planMoves.move(world.tenant.id, 'test-drive', outcome.version);
  return outcome.version;
}
const nextPhone = () => `+4670176${5000 + serial++}`;
const given = async () => {
  const rows = await world.database.db.system.query<{ lead: string; template: string; trial: string | null }>(
    `select lead_id as lead, template_key as template, trial from messages where step_key = 'day_2'`,
  );
  return new Map(rows.map(({ lead, ...rest }) => [lead, rest]));
};

describe('wordings that are compared', () => {
  const leads: LeadId[] = [];
  test('are given to people when they are planned, and kept through other shares and another plan', async () => {
    await change({ cadences: { 'test-drive': { steps: STEPS(50) } } });
    for (let n = 0; n < 24; n++) leads.push((await world.drive(anna, { phone: nextPhone(), language: 'en' })).leadId);
    await world.settle();
    const before = await given();
    expect(new Set([...before.values()].map(({ template }) => template))).toEqual(
      new Set(['drive_follow_up_1', 'drive_follow_up_2']),
    );
    const [trial] = [...before.values()].map((each) => each.trial);
    expect(trial).toMatch(/^[0-9a-f]{12}$/);

    await change({ cadences: { 'test-drive': { steps: STEPS(99) } } });
    const after = await given();
    for (const [lead, each] of before) {
      expect(after.get(lead)?.template).toBe(each.template);
      expect(after.get(lead)?.trial).not.toBe(trial);
    }
  });

  test('are counted once for each person, with what came of them, and a recount proves it', async () => {
    await world.turnTo(day(2.1));
    const sent = await given();
    const [answering, stopping] = leads;
    if (!answering || !stopping) throw new Error('no leads');
    const { phone } = await phoneOf(answering);
    await reply(phone, 'Yes please, tell me more');
    await reply((await phoneOf(stopping)).phone, 'STOP');
    await world.settle();
    await settled(world.database.db);
    await world.rooms.counting.keepUp();

    const settings = await world.rooms.tenants.settings(world.tenant.id);
    const playbook = tenantPlaybook(texts().playbooks.standard, settings);
    const step = playbook.cadence.steps.find(({ key }) => key === 'day_2');
    const trial = step && trialOf(playbook, step);
    if (!trial) throw new Error('nothing is compared');
    const counts = await world.database.db.inTenant(world.tenant.id, (tx) => readTrial(tx, trial));
    const of = (template: string) => counts.find((count) => count.template === template);
    for (const template of ['drive_follow_up_1', 'drive_follow_up_2']) {
      const people = [...sent.values()].filter((each) => each.template === template).length;
      expect(of(template)).toMatchObject({ sent: people, channels: { sms: people }, won: 0, booked: 0 });
    }
    expect(of(sent.get(answering)?.template ?? '')?.replied).toBe(1);
    expect(of(sent.get(stopping)?.template ?? '')?.optedOut).toBe(1);
    expect(counts.reduce((sum, { replied, optedOut }) => sum + replied + optedOut, 0)).toBe(2);
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0, examples: [] });
  });

  test('somebody who is followed up once more reads what they read before', async () => {
    const [lead] = leads;
    if (!lead) throw new Error('no lead');
    const before = (await given()).get(lead)?.template;
    await world.rooms.enrolment.start(anna, lead);
    const rows = await world.database.db.system.query<{ template: string }>(
      `select template_key as template from messages where lead_id = $1 and step_key = 'day_2'`,
      [lead],
    );
    expect(rows.map(({ template }) => template)).toEqual([before, before]);
  });

  test('the chosen one goes to everybody from then on', async () => {
    const { variants: _, ...step } = STEPS(50)[1] as CadenceStep;
    const steps = [STEPS(50)[0], { ...step, template: 'drive_follow_up_2' }, STEPS(50)[2]] as CadenceStep[];
    await change({ cadences: { 'test-drive': { steps } } });
    const { leadId } = await world.drive(anna, { phone: nextPhone() });
    await world.settle();
    expect((await given()).get(leadId)).toEqual({ template: 'drive_follow_up_2', trial: null });
  });
});

const reply = (from: string, body: string) =>
  world.twilio.customerSends({ from, to: SMS_SENDER, channel: 'sms', body });

async function phoneOf(leadId: LeadId): Promise<{ phone: string }> {
  const [row] = await world.database.db.system.query<{ phone: string }>(
    `select a.value as phone from leads l join addresses a on a.person_id = l.person_id and a.kind = 'phone' where l.id = $1`,
    [leadId],
  );
  if (!row) throw new Error('no phone');
  return row;
}

describe('sequences that follow a stage', () => {
  const home = async (consentGiven = true, fields: Record<string, string> = {}) => {
    const { leadId } = await world.drive(anna, { playbook: 'home-services', phone: nextPhone(), fields, consentGiven });
    await world.settle();
    return leadId;
  };
  const move = async (leadId: LeadId, ...stages: string[]) => {
    for (const stage of stages) await world.rooms.desk.move(anna, leadId, stage, { value: 4200.5 });
  };
  const passed = (leadId: LeadId) =>
    one(world, `select data as value from events where lead_id = $1 and type = 'sequence.passed'`, [leadId]);
  const planned = async (leadId: LeadId) => (await plan(world, leadId)).filter((line) => !line.startsWith('day_0'));

  test('begin with the move, end with the next one, and count their days from it', async () => {
    const leadId = await home();
    await world.turnTo(day(3));
    await move(leadId, 'qualified');
    expect((await planned(leadId)).filter((line) => line.endsWith('scheduled'))).toHaveLength(3);
    await move(leadId, 'proposal_sent');
    expect((await planned(leadId)).filter((line) => line.endsWith('stage_changed'))).toHaveLength(3);
    const dues = await world.database.db.system.query<{ step: string; due: Date }>(
      `select step_key as step, due_at as due from messages where lead_id = $1 and state = 'scheduled' order by due_at`,
      [leadId],
    );
    const tenOClock = (n: number) => `${day(n).toISOString().slice(0, 10)}T09:00`;
    expect(dues.map(({ step, due }) => [step, due.toISOString().slice(0, 16)])).toEqual([
      ['proposal_3', tenOClock(6)],
      ['proposal_7', tenOClock(10)],
    ]);
    await world.turnTo(day(6.1));
    expect((await planned(leadId)).join()).toMatch(/proposal_3 sms (sent|delivered)/);
    await move(leadId, 'negotiating');
    expect(await planned(leadId)).toContain('proposal_7 sms cancelled stage_changed');
    const [running] = await world.database.db.system.query<{ n: number }>(
      `select count(*) as n from enrolments where lead_id = $1 and state in ('active', 'paused')`,
      [leadId],
    );
    expect(running?.n).toBe(0);
  });

  test('a reply stops them, as hard as everything else', async () => {
    const leadId = await home();
    await move(leadId, 'qualified', 'proposal_sent');
    await reply((await phoneOf(leadId)).phone, 'We are still thinking about it');
    await world.settle();
    expect((await planned(leadId)).filter((line) => line.startsWith('proposal'))).toEqual([
      'proposal_3 sms cancelled replied',
      'proposal_7 sms cancelled replied',
    ]);
  });

  test('nothing begins without consent, after an opt-out, or while somebody has it paused', async () => {
    const without = await home(false);
    await move(without, 'qualified', 'proposal_sent');
    const silent = await home();
    await world.rooms.desk.stop(anna, silent);
    await move(silent, 'qualified', 'proposal_sent');
    const paused = await home();
    await world.rooms.desk.pause(anna, paused);
    await move(paused, 'qualified', 'proposal_sent');
    for (const leadId of [without, silent, paused]) {
      expect((await planned(leadId)).join()).not.toContain('proposal');
    }
    expect((await planned(paused)).filter((line) => line.endsWith('held paused')).length).toBeGreaterThan(0);
    // the card tells of a stop and a pause; that nobody agreed is told with the move
    expect(await passed(without)).toEqual({ stage: 'proposal_sent', why: 'no_consent' });
    for (const leadId of [silent, paused]) expect(await passed(leadId)).toBeUndefined();
  });

  test('where all steps of a stage are for others, the log says why nothing began', async () => {
    const { steps } = world.rooms.playbooks.get('home-services').cadence;
    const conditions = { proposal_3: { timeline: ['now', 'weeks'] }, proposal_7: { timeline: ['now'] } };
    const conditional = steps.map((step) => {
      const when = Object.entries(conditions).find(([key]) => key === step.key)?.[1];
      return when ? { ...step, when } : step;
    });
    await change({ cadences: { 'home-services': { steps: conditional } } });
    const later = await home(true, { timeline: 'later' });
    const unknown = await home();
    const weeks = await home(true, { timeline: 'weeks' });
    for (const leadId of [later, unknown, weeks]) await move(leadId, 'qualified', 'proposal_sent');
    for (const leadId of [later, unknown]) {
      expect(await passed(leadId)).toEqual({ stage: 'proposal_sent', why: 'other_answers' });
      expect((await planned(leadId)).join()).not.toContain('proposal');
    }
    expect((await planned(weeks)).filter((line) => line.startsWith('proposal'))).toEqual(['proposal_3 sms scheduled']);
    expect(await passed(weeks)).toBeUndefined();

    const [first] = world.rooms.playbooks.get('home-services').score?.bands ?? [];
    const bands = [first?.key ?? ''];
    const scored = steps.map((step) => (step.after === 'proposal_sent' ? { ...step, bands } : step));
    await change({ cadences: { 'home-services': { steps: scored } } });
    const cold = await home();
    await move(cold, 'qualified', 'proposal_sent');
    expect(await passed(cold)).toEqual({ stage: 'proposal_sent', why: 'other_scores' });
    await change({ cadences: {} });
  });

  test('what waits for later is asked in a month, although the stage has ended the follow-up', async () => {
    const leadId = await home();
    await move(leadId, 'nurture');
    const lines = await planned(leadId);
    expect(lines).toContain('later_30 sms scheduled');
    expect(lines.filter((line) => line.endsWith('cancelled replied'))).toHaveLength(3);
    await move(leadId, 'lead');
    expect(await planned(leadId)).toContain('later_30 sms cancelled stage_changed');
  });

  test('the numbers tell revenue, qualified leads and what is open, and a recount proves them', async () => {
    const open = await home(true, { budget: '8000' });
    const won = await home();
    await move(won, 'qualified', 'proposal_sent', 'negotiating', 'closed_won');
    await settled(world.database.db);
    await world.rooms.counting.keepUp();
    const month = periodOf('quarter', world.clock.now(), 'Europe/Stockholm');
    const { now, pipeline } = await world.rooms.reports.read(world.tenant.id, null, month);
    expect(now.revenue).toEqual({ deals: 1, total: 4200.5 });
    expect(now.sources.find(({ key }) => key === 'slack')).toMatchObject({ revenue: 4200.5, won: 1 });
    expect(now.qualified).toBeGreaterThanOrEqual(2);
    expect(now.response).toMatchObject({ asked: now.captured });
    expect(now.response.quick).toBeGreaterThan(0.9);
    expect(pipeline).toMatchObject({ valued: 1, value: 8000 });
    await world.rooms.desk.move(anna, open, 'disqualified');
    const { pipeline: later } = await world.rooms.reports.read(world.tenant.id, null, month);
    expect(later).toMatchObject({ valued: 0, value: 0, open: pipeline.open - 1 });
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0, examples: [] });
  });

  test('what is open is told as it is now, counted or not, by whom it is looked after, and by older rules', async () => {
    const { counting, reports } = world.rooms;
    const { db } = world.database;
    const quarter = periodOf('quarter', world.clock.now(), 'Europe/Stockholm');
    const told = async (owner: StaffId | null = null) => (await reports.read(world.tenant.id, owner, quarter)).pipeline;
    const before = await told();
    const leadId = await home(true, { budget: '1200.50' });
    const more = { open: before.open + 1, valued: before.valued + 1, value: before.value + 1200.5 };
    expect(await told()).toEqual(more);
    await settled(db);
    await counting.keepUp();
    expect(await told()).toEqual(more);
    expect(await told(anna.id)).toEqual(more);
    await db.system.query('update report_generations set rules = 2');
    expect(await told()).toEqual(more);
    await db.system.query('update report_generations set rules = $1', [RULES]);
    // who is erased says no more what their lead may be worth
    await db.inTenant(world.tenant.id, async (tx) => {
      const lead = await tx.query<{ personId: PersonId }>(
        `update leads set fields = '{}' where id = $1 returning person_id as "personId"`,
        [leadId],
      );
      const data = { erasureId: newId(), removed: {} };
      const events = lead.map(({ personId }): NewEvent => ({ type: 'person.erased', personId, data }));
      await append(tx, tx.tenantId, world.clock.now(), 'system', events);
    });
    expect(await told()).toEqual({ ...before, open: before.open + 1 });
    await settled(db);
    await counting.keepUp();
    expect(await told()).toEqual({ ...before, open: before.open + 1 });
    expect(await counting.check()).toMatchObject({ different: 0, examples: [] });
  });

  test('numbers that were counted by older rules are counted anew, once', async () => {
    await world.database.db.system.query('update report_generations set rules = 1');
    await world.database.db.system.query(`delete from report_days where measure = 'revenue'`);
    expect(await world.rooms.counting.renew()).toBe(true);
    expect(await world.rooms.counting.renew()).toBe(false);
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0 });
  });
});
