import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { completeStale } from '../../../src/cadence/index.ts';
import type { LeadId } from '../../../src/lib/ids.ts';
import type { Settings, Staff } from '../../../src/tenants/index.ts';
import { enrolmentState, eventTypes, one, plan } from '../../support/facts.ts';
import { MONDAY, openWorld, type World } from '../../support/world.ts';

let world: World;
let anna: Staff;
let serial = 10;

beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  anna = await world.hire('Anders', 'admin');
});
afterAll(() => world.close());

const log = async (): Promise<LeadId> =>
  (await world.drive(anna, { phone: `+467017606${serial++}`, language: 'en' })).leadId;
/** What settings hold that were made before hours were looked at, or for a place with other hours. */
async function hours(sendHours: Settings['sendHours']): Promise<void> {
  await world.database.db.system.query(
    `insert into settings (tenant_id, version, values, changed_by, changed_at)
     select $1, coalesce(max(version), 0) + 1, jsonb_build_object('sendHours', $2::jsonb), $3, now()
     from settings where tenant_id = $1`,
    [world.tenant.id, JSON.stringify(sendHours), anna.id],
  );
  world.rooms.tenants.forget({ id: world.tenant.id });
}
const EVENING = { start: '20:00', end: '22:00' };
const USUAL = { start: '09:00', end: '20:00' };

describe('hours that the law leaves nothing of', () => {
  test('are refused where they are set, by the name of the setting', async () => {
    await expect(world.rooms.changes.make(anna, { patch: () => ({ sendHours: EVENING }) })).rejects.toMatchObject({
      code: 'validation_error',
      problems: expect.arrayContaining([expect.objectContaining({ field: 'sendHours' })]),
    });
    expect((await world.rooms.tenants.settings(world.tenant.id)).sendHours).toEqual(USUAL);
  });

  test('keep no lead away: its steps are held, and go once the hours are wider', async () => {
    const before = await log();
    await hours(EVENING);
    const leadId = await log();
    const steps = await plan(world, leadId);
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.every((line) => line.endsWith('held no_opening'))).toBe(true);

    // the guard says the same of what was planned before
    await world.turnTo(new Date(MONDAY.getTime() + 2 * 86_400_000 + 3_600_000));
    expect((await plan(world, before)).filter((line) => line.endsWith('held no_opening')).length).toBeGreaterThan(0);
    // a paused one goes on, and is held for the hours again
    await world.rooms.desk.pause(anna, leadId);
    await world.rooms.desk.resume(anna, leadId);
    await world.settle();

    await world.rooms.changes.make(anna, { patch: () => ({ sendHours: USUAL }) });
    expect(await one(world, `select count(*)::int as value from effects where kind = 'hours.widened'`)).toBe(1);
    await world.rooms.live.lookAgain(world.tenant.id);
    await world.settle();
    const held = `select count(*)::int as value from messages where reason = 'no_opening' and state = 'held'`;
    expect(await one(world, held)).toBe(0);
    expect((await plan(world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)/);
    world.clock.turnTo(MONDAY.getTime() - Date.now());
  });

  test('of one person hold up nobody else’s change of plan', async () => {
    await log();
    await hours(EVENING);
    const version = await one<number>(world, 'select max(version) as value from settings');
    await expect(world.rooms.planMoves.move(world.tenant.id, 'test-drive', version ?? 0)).resolves.toBeDefined();
    await hours(USUAL);
  });
});

describe('a follow-up that is over', () => {
  const over = async (leadId: LeadId) => {
    expect(await enrolmentState(world, leadId)).toBe('completed');
    expect(await one(world, 'select ended_at is not null as value from enrolments where lead_id = $1', [leadId])).toBe(
      true,
    );
    expect(await eventTypes(world, leadId)).toContain('enrolment.ended');
  };
  const endAll = (leadId: LeadId) =>
    world.database.db.system.query(
      `update messages set state = 'failed' where lead_id = $1 and state in ('scheduled', 'held')`,
      [leadId],
    );

  test('because a new plan has nothing left for it, says so', async () => {
    const leadId = await log();
    await endAll(leadId);
    await hours(USUAL);
    const version = await one<number>(world, 'select max(version) as value from settings');
    await world.rooms.planMoves.move(world.tenant.id, 'test-drive', version ?? 0);
    await over(leadId);
  });

  test('because somebody left its last message, or nobody did anything for a month, says so', async () => {
    const [left, stale] = [await log(), await log()];
    await endAll(stale);
    await endAll(left);
    const last = `update messages set state = 'unconfirmed' where id = (select min(id::text)::uuid from messages where lead_id = $1) returning id`;
    const [message] = await world.database.db.system.query<{ id: never }>(last, [left]);
    if (!message) throw new Error('no message');
    await world.rooms.desk.leave(anna, message.id);
    await over(left);
    await completeStale(world.database.db.system, new Date(MONDAY.getTime() + 40 * 86_400_000));
    await over(stale);
  });
});

test('a message that is sent again in a paused follow-up waits for it, and is not dropped', async () => {
  const leadId = await log();
  const failed = `update messages set state = 'failed', attempt = 1 where lead_id = $1 and step_key = 'day_0' returning id`;
  const [message] = await world.database.db.system.query<{ id: never }>(failed, [leadId]);
  if (!message) throw new Error('no message');
  await world.rooms.desk.pause(anna, leadId);
  await world.rooms.desk.resend(anna, message.id);
  await world.settle();
  expect((await plan(world, leadId)).find((line) => line.startsWith('day_0'))).toBe('day_0 sms held paused');
  await world.rooms.desk.resume(anna, leadId);
  await world.settle();
  expect((await plan(world, leadId)).find((line) => line.startsWith('day_0'))).toMatch(/^day_0 sms (sent|delivered)/);
});
