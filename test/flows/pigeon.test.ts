import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Staff } from '../../src/tenants/index.ts';
import { enrolmentState, plan } from '../support/facts.ts';
import { createPigeon, newLoft } from '../support/pigeon.ts';
import { openWorld, type World } from '../support/world.ts';

/* A vendor that the product has never heard of, added as docs/channels.md says, and nothing else changed. */

const PERCH = '+46700000055';
const loft = newLoft();
let world: World;
let sofia: Staff;

beforeAll(async () => {
  world = await openWorld({
    gateways: new Map([['pigeon', createPigeon(loft, 'good')]]),
    accounts: [{ vendor: 'pigeon', channel: 'sms', sender: PERCH, gatewayAccount: 'loft', rate: 1000 }],
    statusPath: () => '/webhooks/pigeon/status',
  });
  sofia = await world.hire('Sofia Lind', 'salesperson');
});
afterAll(() => world.close());

test('a new vendor carries a follow-up, and its customers’ stop counts', async () => {
  const phone = '+46701234567';
  const { leadId } = await world.drive(sofia, { phone });
  await world.settle();
  expect(loft.carried.map(({ to, from }) => [to, from])).toEqual([[phone, PERCH]]);
  expect((await plan(world, leadId))[0]).toBe('day_0 sms sent');

  const stop = { channel: 'sms', from: phone, to: PERCH, body: 'STOP', accountSid: 'loft' } as const;
  await world.rooms.inbox.receive({ ...stop, gatewayId: 'I1', media: [] }, 'listed', {});
  expect(await enrolmentState(world, leadId)).toBe('opted_out');
  await world.settle();
  expect(loft.carried).toHaveLength(2); // the one confirmation, and nothing after it
});
