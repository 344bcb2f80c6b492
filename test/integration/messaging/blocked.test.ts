import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { applyStatuses, createDispatcher } from '../../../src/messaging/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { enrolmentState, one } from '../../support/facts.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
let sofia: Staff;
let serial = 10;

beforeAll(async () => {
  world = await openWorld({ mail: true, whatsapp: false });
  sofia = await world.hire('Sofia Lind', 'admin');
});
afterAll(() => world.close());

const phoneOf = (n: number) => `+467012345${n}`;
const log = async () => {
  serial++;
  const email = `anna${serial}@example.com`;
  return { ...(await world.drive(sofia, { phone: phoneOf(serial), email })), phone: phoneOf(serial) };
};
const messageOf = async (leadId: LeadId) =>
  (await one<string>(world, `select id as value from messages where lead_id = $1 and step_key = 'day_0'`, [leadId])) ??
  '';
const hasOptedOut = (personId: string) =>
  one(world, 'select opted_out_at is not null as value from persons where id = $1', [personId]);

test('whom a gateway blocks has opted out before that is written down: who dies in between asks the gateway again', async () => {
  const { leadId, personId, phone } = await log();
  world.twilio.faults.setFor(phone, { refuseWith: 21610 });
  const messageId = await messageOf(leadId);
  const seen: (string | undefined)[] = [];
  const dispatcher = createDispatcher({
    ...world.rooms.dispatching,
    async onOptedOut(message) {
      seen.push(await one<string>(world, 'select state as value from messages where id = $1', [message.id]));
      await world.rooms.dispatching.onOptedOut(message);
    },
  });
  dispatcher.wake();
  await dispatcher.idle();
  await dispatcher.stop();
  expect(seen).toEqual(['sending']);
  expect(await one(world, 'select state as value from messages where id = $1', [messageId])).toBe('failed');
  expect(await hasOptedOut(personId)).toBe(true);
  expect(await enrolmentState(world, leadId)).toBe('opted_out');
});

/** What reports need. */
const deps = () => ({
  db: world.database.db,
  clock: world.clock,
  worker: 1,
  playbooks: world.rooms.playbooks,
  tenants: world.rooms.tenants,
  health: world.rooms.dispatching.health,
  onOptedOut: world.rooms.dispatching.onOptedOut,
});

test('a block that is reported later is asked for with the report, so that no death in between loses it', async () => {
  world.twilio.faults.set({ callbacks: 'none' }); // what was delivered cannot fail
  const { leadId, personId } = await log();
  await world.settle();
  const report = {
    messageId: await messageOf(leadId),
    attempt: 1,
    gatewayId: 'SM1',
    status: 'failed',
    failure: { reason: 'opted_out', code: '21610' },
  } as const;
  const dies = async () => {
    throw new Error('killed');
  };
  await expect(applyStatuses({ ...deps(), onOptedOut: dies }, [report])).rejects.toThrow('killed');
  expect(await hasOptedOut(personId)).toBe(false);
  const asked = `select count(*)::int as value from effects where kind = 'person.blocked' and key = $1 and data->>'messageId' = $2`;
  expect(await one(world, asked, [personId, report.messageId])).toBe(1);
  await world.rooms.dispatching.onOptedOut({
    id: report.messageId as never,
    tenantId: world.tenant.id,
    personId,
  });
  expect(await hasOptedOut(personId)).toBe(true);
});

test('a failure that is reported later goes on in the order that the tenant’s own step has', async () => {
  const steps = [
    { key: 'day_0', day: 0, template: 'drive_thanks', channel: 'email' as const },
    { key: 'day_2', day: 2, template: 'drive_follow_up_1' },
  ];
  await world.rooms.changes.make(sofia, { patch: () => ({ cadences: { 'test-drive': { steps } } }) });
  const { leadId } = await log();
  await world.settle();
  const channel = () =>
    one(world, `select channel as value from messages where lead_id = $1 and step_key = 'day_0'`, [leadId]);
  expect(await channel()).toBe('email');
  const failure = { reason: 'unreachable', code: '5.1.1' } as const;
  const report = { messageId: await messageOf(leadId), attempt: 1, gatewayId: 'x', status: 'failed', failure } as const;
  // the playbook's own order ends with e-mail; this step begins with it
  expect(await applyStatuses(deps(), [report])).toBe(true);
  expect(await channel()).toBe('sms');
});
