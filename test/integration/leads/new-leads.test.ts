import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AlreadyActive, type CaptureInput } from '../../../src/leads/index.ts';
import type { StaffId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { until } from '../../support/until.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
let [sofia, erik, maria, admin]: Staff[] = [];
beforeAll(async () => {
  world = await openWorld();
  [sofia, erik, maria, admin] = [
    await world.hire('Sofia Lind', 'salesperson'),
    await world.hire('Erik Holm', 'salesperson'),
    await world.hire('Maria Nyström', 'manager'),
    await world.hire('Anders Berg', 'admin'),
  ];
});
afterAll(() => world.close());

let serial = 100;
const capture = (phone: string) =>
  world.rooms.capture.capture(world.tenant.id, {
    playbook: 'test-drive',
    source: 'form',
    sourceKey: `form/${++serial}`,
    name: 'Anna Karlsson',
    phone,
    email: '',
    fields: { car: 'BMW X5' },
    language: 'sv',
    consentGiven: true,
    ownerId: null,
    actor: 'system',
  });

/** An enquiry that nobody logged; whose it became. */
async function enquiry(): Promise<StaffId | null> {
  const { leadId } = await capture(`+46701760${serial}`);
  const [row] = await world.database.db.system.query<{ owner: StaffId | null }>(
    'select owner_id as owner from leads where id = $1',
    [leadId],
  );
  return row?.owner ?? null;
}

const change = (newLeads: 'nobody' | 'in_turn') =>
  world.rooms.changes.make(admin as Staff, { patch: () => ({ newLeads }) });

describe('an enquiry that nobody logged', () => {
  test('is nobody’s until the business says otherwise', async () => {
    expect(await enquiry()).toBeNull();
  });

  test('goes to the salespeople in turn, whoever was there first and whoever logged one meanwhile', async () => {
    await change('in_turn');
    const owners = [await enquiry(), await enquiry(), await enquiry(), await enquiry()];
    expect(new Set(owners.slice(0, 2))).toEqual(new Set([sofia?.id, erik?.id]));
    expect(owners.slice(2)).toEqual(owners.slice(0, 2));
    expect(owners).not.toContain(maria?.id);
    const next = owners[0] === sofia?.id ? sofia : erik;
    await world.drive(next as Staff, { phone: '+46701760990' });
    expect(await enquiry()).not.toBe(next?.id);
  });

  test('leaves out who is away, takes who is busy last, and is nobody’s when there is nobody', async () => {
    const { system } = world.database.db;
    const now = world.clock.now();
    await system.query('update staff set covered_by = $2 where id = $1', [sofia?.id, erik?.id]);
    expect([await enquiry(), await enquiry()]).toEqual([erik?.id, erik?.id]);
    await system.query('update staff set covered_by = null');
    await system.query(
      `insert into busy_times (id, tenant_id, staff_id, starts_at, ends_at)
       values (gen_random_uuid(), $1, $2, $3::timestamptz - interval '1 hour', $3::timestamptz + interval '1 hour')`,
      [world.tenant.id, sofia?.id, now],
    );
    expect([await enquiry(), await enquiry()]).toEqual([erik?.id, erik?.id]);
    await system.query(`update staff set role = 'manager' where role = 'salesperson'`);
    expect(await enquiry()).toBeNull();
  });
});

test('who logs somebody while a colleague is logging them hears that they are followed up', async () => {
  const { capture } = world.rooms;
  const { db } = world.database;
  const input = (sourceKey: string): CaptureInput => ({
    playbook: 'test-drive',
    source: 'slack',
    sourceKey,
    name: 'Anna Karlsson',
    phone: '+46701760991',
    email: '',
    fields: { car: 'BMW X5' },
    language: 'sv',
    consentGiven: true,
    ownerId: null,
    actor: 'system',
  });
  const { leadId } = await capture.capture(world.tenant.id, input('race/1'));
  await db.system.query(`update enrolments set state = 'completed' where lead_id = $1`, [leadId]);
  const first = await capture.prepare(world.tenant.id, input('race/2'));
  const waits = `select from pg_locks where not granted and locktype = 'transactionid'`;
  let second: Promise<unknown> | undefined;
  await db.inTenant(world.tenant.id, async (tx) => {
    await capture.store(tx, first);
    second = capture.capture(world.tenant.id, input('race/3')).catch((error: unknown) => error);
    await until(async () => (await db.system.query(waits)).length > 0, 'the second waits');
  });
  expect(await second).toBeInstanceOf(AlreadyActive);
});

test('of several enquiries of one new person at once one is followed up, the others find that person', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => capture('+46701769999')));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(AlreadyActive);
  }
  const [row] = await world.database.db.system.query<{ persons: number; leads: number }>(
    `select count(distinct a.person_id) as persons, count(distinct l.id) as leads
     from addresses a join leads l on l.person_id = a.person_id where a.value = '+46701769999'`,
  );
  expect(row).toEqual({ persons: 1, leads: 1 });
});
