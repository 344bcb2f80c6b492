import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exportSettings, importSettings, type Outcome, type Staff } from '../../../src/tenants/index.ts';
import { one } from '../../support/facts.ts';
import { type OwnAccess, startOwnAccess } from '../../support/own-access.ts';
import { SINCH, type TestSinch } from '../../support/sinch.ts';
import { openWorld, type World } from '../../support/world.ts';

const OWN = '+46700000077';
const PLATFORMS = '+46700000001';

describe('senders of a business that asks for a second person', () => {
  let world: World;
  let sinch: TestSinch;
  let gateway: OwnAccess;
  let erik: Staff;
  let maria: Staff;
  const { webhookSecret, appId: gatewayAccount, ...access } = SINCH;
  const given = (secret: string = webhookSecret) => ({
    vendor: 'sinch',
    gatewayAccount,
    secrets: { ...access, webhookSecret: secret, region: 'eu' },
    senders: [{ channel: 'sms', sender: OWN, rate: 100_000 } as const],
  });

  beforeAll(async () => {
    gateway = await startOwnAccess();
    sinch = gateway.sinch;
    world = await openWorld({
      own: gateway.own,
      whatsapp: false,
    });
    erik = await world.hire('Erik Berg', 'admin');
    maria = await world.hire('Maria Ek', 'manager');
  });
  afterAll(async () => {
    await world.rooms.gateways.close();
    await world.close();
    await gateway.close();
  });
  beforeEach(async () => {
    for (const each of await changes().waiting(world.tenant.id)) await changes().decide(erik, each.id, 'withdraw');
    const { settings } = await changes().current(world.tenant.id);
    if (settings.approval.length === 0) await changes().make(erik, { patch: () => ({ approval: ['senders'] }) });
  });

  const changes = () => world.rooms.changes;
  const order = async () => {
    const { routes = [] } = await world.rooms.routing.of(world.tenant.id);
    return routes.map(({ account }) => account.sender);
  };
  const idOf = async (sender: string) =>
    (await one<string>(world, 'select id::text as value from accounts where sender = $1', [sender])) ?? '';
  const version = () => one<number>(world, 'select version as value from credentials');
  const agreed = (outcome: Outcome) => {
    if (outcome.kind !== 'waits') throw new Error(`the change ${outcome.kind}`);
    return changes().decide(maria, outcome.id, 'approve');
  };

  test('a further one is kept, and nothing leaves by it before somebody else has agreed', async () => {
    const { outcome } = await world.rooms.channels.connect(erik, given());
    expect(outcome).toMatchObject({ kind: 'waits', demands: [{ key: 'senders' }] });
    expect(await order()).toEqual([PLATFORMS]);
    await world.drive(erik);
    await world.settle();
    expect(sinch.standIn.journal.sent).toEqual([]);
    if (outcome.kind !== 'waits') throw new Error('it counts');
    await expect(changes().decide(erik, outcome.id, 'approve')).rejects.toMatchObject({ code: 'forbidden' });

    await agreed(outcome);
    expect(await order()).toEqual([OWN, PLATFORMS]);
    world.skip(2000); // which senders' messages are known is remembered for a second
    await world.drive(erik, { phone: '+46701234568', name: 'Bo' });
    await world.settle();
    expect(sinch.standIn.journal.sent.map(({ sender }) => sender)).toEqual([OWN]);
    const told = `select array_agg(data->>'what' order by id) as value from events where type = 'sender.changed'`;
    expect(await one(world, told)).toEqual(['connected']);
  });

  test('access that takes the place of another waits sealed, shows nothing of itself, and goes when it is refused', async () => {
    const secret = 'another-webhook-secret';
    const asked = () => world.rooms.channels.connect(erik, given(secret));
    const kept = 'select access as value from setting_changes where access is not null';
    const { outcome } = await asked();
    if (outcome.kind !== 'waits') throw new Error('it counts');
    expect(JSON.stringify(await changes().find(world.tenant.id, outcome.id))).not.toContain(secret);
    expect((await one<Buffer>(world, kept))?.includes(secret)).toBe(false);
    expect(await version()).toBe(1);
    await changes().decide(maria, outcome.id, 'refuse');
    expect(await one(world, kept)).toBeUndefined();

    await agreed((await asked()).outcome);
    expect([await version(), await one(world, kept)]).toEqual([2, undefined]);
    const secrets = gateway.vendors.webhookSecrets(world.rooms.credentials);
    world.skip(2000);
    expect(await secrets('sinch', gatewayAccount)).toEqual([secret]);
    const [latest] = await changes().history(world.tenant.id, 1);
    await expect(changes().undo(erik, latest?.version ?? 0)).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining('as it was before is not kept') }],
    });
  });

  test('the order waits as well, and is taken back the same way', async () => {
    const { outcome } = await world.rooms.channels.first(erik, await idOf(PLATFORMS));
    expect(await order()).toEqual([OWN, PLATFORMS]);
    await agreed(outcome);
    expect(await order()).toEqual([PLATFORMS, OWN]);
    const [latest] = await changes().history(world.tenant.id, 1);
    expect(latest).toMatchObject({ changedBy: erik.id, approvedBy: maria.id });
    const back = await changes().undo(erik, latest?.version ?? 0);
    expect(back.demands.map(({ key }) => key)).toEqual(['senders']);
    await agreed(await changes().submit(erik, back.id));
    expect(await order()).toEqual([OWN, PLATFORMS]);
  });

  test('one that is put away is so at once; to use it again somebody else has to agree', async () => {
    const { outcome } = await world.rooms.channels.remove(erik, await idOf(OWN));
    expect(outcome.kind).toBe('counts');
    expect(await order()).toEqual([PLATFORMS]);
    const [latest] = await changes().history(world.tenant.id, 1);
    const back = await changes().undo(erik, latest?.version ?? 0);
    const asked = await changes().submit(erik, back.id);
    expect([asked.kind, await order()]).toEqual(['waits', [PLATFORMS]]);
    await agreed(asked);
    expect(await order()).toEqual([OWN, PLATFORMS]);
  });

  test('of two orders that wait the one agreed to first counts, the other does not fit any more', async () => {
    const first = await world.rooms.channels.first(erik, await idOf(PLATFORMS));
    const again = await world.rooms.channels.first(erik, await idOf(PLATFORMS));
    const decided = await Promise.allSettled([agreed(first.outcome), agreed(again.outcome)]);
    expect(await order()).toEqual([PLATFORMS, OWN]);
    // the second finds that it is so already
    const states = decided.map((each) => (each.status === 'fulfilled' ? each.value.state : 'refused')).sort();
    expect(states).toEqual(['counted', 'outdated']);
  });

  test('a file of settings neither holds senders nor brings them', async () => {
    const { settings } = await changes().current(world.tenant.id);
    expect(exportSettings(settings, [])).not.toContain('senders:');
    expect(importSettings('agentTurns: 8\nsenders: {}\n', settings)).toMatchObject({
      problems: [{ field: 'senders', line: 2 }],
    });
  });
});
