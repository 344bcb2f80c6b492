import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Staff } from '../../../src/tenants/index.ts';
import { one } from '../../support/facts.ts';
import { type OwnAccess, startOwnAccess } from '../../support/own-access.ts';
import { SINCH, type TestSinch } from '../../support/sinch.ts';
import { openWorld, type World } from '../../support/world.ts';

const OWN_SMS = '+46700000077';

describe('a business with its own access to a gateway', () => {
  let world: World;
  let sinch: TestSinch;
  let admin: Staff;
  let sofia: Staff;
  let gateway: OwnAccess;
  const { webhookSecret, appId: gatewayAccount, ...access } = SINCH;
  const given = (changes: Record<string, string> = {}) => ({
    vendor: 'sinch',
    gatewayAccount,
    secrets: { ...access, ...changes, webhookSecret, region: 'eu' },
    senders: [{ channel: 'sms', sender: OWN_SMS, rate: 100_000 } as const],
  });

  beforeAll(async () => {
    gateway = await startOwnAccess();
    sinch = gateway.sinch;
    world = await openWorld({ own: gateway.own, whatsapp: false });
    admin = await world.hire('Erik Berg', 'admin');
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterAll(async () => {
    await world.rooms.gateways.close();
    await world.close();
    await gateway.close();
  });

  test('is connected by an admin once it works, and not before', async () => {
    const { channels } = world.rooms;
    await expect(channels.connect(sofia, given())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(channels.connect(admin, given({ keySecret: 'wrong' }))).rejects.toMatchObject({
      code: 'misconfigured',
    });
    // whose app it is decides whose secret its callbacks are believed by: it has to be the project's own
    await expect(channels.connect(admin, { ...given(), gatewayAccount: 'somebodys-app' })).rejects.toMatchObject({
      problems: [{ field: 'account', message: 'This project at Sinch has no such app.' }],
    });
    expect(await one(world, 'select count(*)::int as value from credentials')).toBe(0);

    expect(await channels.connect(admin, given())).toMatchObject({ renewed: false });
    const states = await channels.states(world.tenant.id);
    expect(states.map(({ account, own }) => [account.vendor, account.sender, own])).toEqual([
      ['sinch', OWN_SMS, true],
      ['twilio', '+46700000001', false],
    ]);
    // sealed: the secret stands nowhere as it is
    const sealed = await one<Buffer>(world, 'select sealed as value from credentials');
    expect(sealed?.includes(access.keySecret)).toBe(false);
  });

  test('sends by it before the platform’s, and hears only what its own secret has signed', async () => {
    await world.drive(sofia);
    await world.settle();
    expect(sinch.standIn.journal.sent.map(({ sender }) => sender)).toEqual([OWN_SMS]);
    expect(world.twilio.journal.sent).toEqual([]);
    expect(await gateway.vendors.webhookSecrets(world.rooms.credentials)('sinch', gatewayAccount)).toEqual([
      webhookSecret,
    ]);
    expect(await gateway.vendors.webhookSecrets(world.rooms.credentials)('sinch', 'platform-app')).toEqual([
      'platform-secret',
    ]);
    expect(await gateway.vendors.webhookSecrets(world.rooms.credentials)('twilio', 'ACother')).toEqual([]);
  });

  test('a message that somebody else’s account brings is not taken for one to this number', async () => {
    const message = {
      gatewayId: 'x1',
      channel: 'sms',
      from: '+46701234567',
      to: OWN_SMS,
      body: 'STOP',
      media: [],
    } as const;
    await world.rooms.inbox.receive({ ...message, media: [], accountSid: 'somebody' }, 'listed', {});
    expect(await one(world, 'select count(*)::int as value from persons where opted_out_at is not null')).toBe(0);
    await world.rooms.inbox.receive(
      { ...message, media: [], gatewayId: 'x2', accountSid: gatewayAccount },
      'listed',
      {},
    );
    expect(await one(world, 'select count(*)::int as value from persons where opted_out_at is not null')).toBe(1);
  });

  test('what its own account brings to a number that is not connected is parked with this business', async () => {
    const elsewhere = { channel: 'sms', from: '+46701234599', to: '+46700000078', body: 'Hej', media: [] } as const;
    const message = { ...elsewhere, media: [], gatewayId: 'x4', accountSid: gatewayAccount };
    await world.rooms.inbox.receive(message, 'sinch.callback', {});
    const owner = `select belongs_to::text as value from webhook_log where state = 'parked' and external_id like '%/x4'`;
    expect(await one(world, owner)).toBe(world.tenant.id);
  });

  test('given anew it is used at once, without a restart', async () => {
    const { gateways, channels, routing } = world.rooms;
    const { accounts } = await routing.of(world.tenant.id);
    if (!accounts.sms) throw new Error('no sender');
    const before = await gateways.of(accounts.sms);
    expect(await channels.connect(admin, given())).toMatchObject({ renewed: true });
    const after = await gateways.of(accounts.sms);
    expect(after).not.toBe(before);
    expect(await one(world, 'select version as value from credentials')).toBe(2);
    await world.drive(sofia, { phone: '+46701234568', name: 'Bo' });
    await world.settle();
    expect(sinch.standIn.journal.sent.map(({ customer }) => customer)).toContain('+46701234568');
  });

  test('is tried with a text to oneself, and the order can be changed', async () => {
    const { channels, routing } = world.rooms;
    const [own, platforms] = await channels.states(world.tenant.id);
    if (!own || !platforms) throw new Error('two senders were expected');
    expect((await channels.test(admin, own.account.id, '+46709999999')).outcome.kind).toBe('accepted');
    await channels.first(admin, platforms.account.id);
    expect((await routing.of(world.tenant.id)).accounts.sms?.vendor).toBe('twilio');
    const changed = await one<string[]>(
      world,
      `select array_agg(data->>'what' order by id) as value from events where type = 'sender.changed'`,
    );
    expect(changed).toEqual(['connected', 'renewed', 'ordered']);
  });

  test('what its messages cost is asked of the gateway that tells it', async () => {
    const { channels, dispatching } = world.rooms;
    await world.drive(sofia, { phone: '+46701234571', name: 'Cia' });
    await world.settle();
    await world.twilio.idle();
    await dispatching.health.settle();
    await channels.tend();
    const states = await channels.states(world.tenant.id);
    const twilio = states.find(({ account }) => account.vendor === 'twilio');
    expect(twilio?.price).toEqual({ amount: 0.05, currency: 'USD', from: 'gateway' });
    // a text of several parts costs as many times as much
    expect(twilio?.today.messages).toBe(1);
    expect(twilio?.today.cost).toBeGreaterThan(0.05);
    expect(states.find(({ account }) => account.vendor === 'sinch')).toMatchObject({
      price: null,
      today: { cost: null },
    });
  });

  test('put away, nothing leaves by it, what waits goes by the other, and a stop that comes to it still counts', async () => {
    const { channels, inbox } = world.rooms;
    const phone = '+46701234572';
    const [own] = (await channels.states(world.tenant.id)).filter(({ account }) => account.vendor === 'sinch');
    await channels.first(admin, own?.account.id ?? '');
    await world.drive(sofia, { phone, name: 'Dan' });
    await world.settle();
    const waitsFor = (sender: string) =>
      one<number>(
        world,
        `select count(*)::int as value from messages m join accounts a on a.id = m.account_id
         where m.state = 'scheduled' and a.sender = $1`,
        [sender],
      );
    const before = (await waitsFor(OWN_SMS)) ?? 0;
    expect(before).toBeGreaterThan(0);
    await expect(channels.remove(sofia, own?.account.id ?? '')).rejects.toMatchObject({ code: 'forbidden' });

    const { diverted } = await channels.remove(admin, own?.account.id ?? '');
    expect(diverted).toEqual({ moved: before, held: 0 });
    expect(await waitsFor(OWN_SMS)).toBe(0);
    expect((await channels.states(world.tenant.id)).map(({ account }) => account.vendor)).toEqual(['twilio']);
    const stop = { channel: 'sms', from: phone, to: OWN_SMS, body: 'STOP', media: [], accountSid: gatewayAccount };
    await inbox.receive({ ...stop, channel: 'sms', media: [], gatewayId: 'x3' }, 'sinch.callback', {});
    const stopped = `select p.opted_out_at is not null as value from persons p join addresses a on a.person_id = p.id where a.value = $1`;
    expect(await one(world, stopped, [phone])).toBe(true);

    // connected again it is what it was
    await channels.connect(admin, given());
    expect((await channels.states(world.tenant.id)).map(({ account }) => account.vendor)).toEqual(['sinch', 'twilio']);
  });
});
