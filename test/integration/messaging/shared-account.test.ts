import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AccountId, newId } from '../../../src/lib/ids.ts';
import type { VendorGateway } from '../../../src/messaging/index.ts';
import type { OutgoingMessage } from '../../../src/messaging/port.ts';
import type { Staff, Tenant } from '../../../src/tenants/index.ts';
import { one } from '../../support/facts.ts';
import { startTwilio, type TestTwilio } from '../../support/twilio.ts';
import { openWorld, type World } from '../../support/world.ts';

const AGENCY = `AC${'a'.repeat(32)}`;
const NUMBER = '+46700000091';
const HOUR_MS = 3_600_000;

/** An agency has one account at Twilio for two businesses, which write from one number, each with a token of its own. */
describe('two businesses with one number on one account', () => {
  let world: World;
  let twilio: TestTwilio;
  let big: Staff;
  let small: Staff;
  let people = 0;
  /** Tokens that Twilio accepts just now; both are taken back and given by the tests. */
  const live = new Set(['token-big', 'token-small']);

  /** The client with a token: the real one, by the right secret while the token is live and by a wrong one afterwards. */
  function connect(token: string): VendorGateway {
    const accepted = twilio.connect({ accountSid: AGENCY });
    const refused = twilio.connect({ accountSid: AGENCY, authToken: 'taken back' });
    const now = () => (live.has(token) ? accepted : refused);
    return {
      capabilities: accepted.capabilities,
      send: (message: OutgoingMessage, deadline) => now().send(message, deadline),
      findSent: (query) => now().findSent(query),
      listInbound: (query) => now().listInbound(query),
      fetchMedia: (...asked) => now().fetchMedia(...asked),
    };
  }

  const given = (authToken: string) => ({
    vendor: 'twilio',
    gatewayAccount: AGENCY,
    secrets: { authToken },
    senders: [{ channel: 'sms', sender: NUMBER, rate: 100_000 } as const],
  });

  async function drive(owner: Staff): Promise<string> {
    const phone = `+4670123${4000 + people++}`;
    await world.rooms.capture.capture(owner.tenantId, {
      playbook: 'test-drive',
      source: 'slack',
      sourceKey: newId(),
      ownerId: owner.id,
      actor: `staff:${owner.id}`,
      name: `Anna ${people}`,
      phone,
      email: '',
      language: 'sv',
      fields: { car: 'BMW X5' },
      consentGiven: true,
    });
    return phone;
  }
  /** Lets what is due happen, and what is tried again a moment later. */
  async function settle(): Promise<void> {
    await world.settle();
    await world.rooms.dispatching.health.settle();
    world.skip(3000);
    await world.turnTo(new Date(world.clock.now().getTime() + 3000));
    await world.rooms.dispatching.health.settle();
  }
  const reached = (phone: string) => twilio.standIn.journal.sent.filter(({ to }) => to === phone).length;
  const standing = async ({ tenantId }: Staff) => {
    const [state] = await world.rooms.channels.states(tenantId);
    return { rests: state?.rests?.reason ?? null, refused: state?.refused };
  };
  async function theNumber(): Promise<AccountId> {
    const id = await one<AccountId>(world, 'select id as value from accounts');
    if (!id) throw new Error('no sender');
    return id;
  }
  /** Whose access it is. */
  const leavesBy = () =>
    one<string>(
      world,
      `select t.name as value from accounts a join credentials c on c.id = a.credential_id join tenants t on t.id = c.tenant_id`,
    );

  beforeAll(async () => {
    twilio = await startTwilio({ accountSid: AGENCY });
    world = await openWorld({
      accounts: [],
      own: { pulling: [], connect: ({ secrets }) => connect(secrets.authToken ?? '') },
    });
    big = await world.hire('Erik Berg', 'admin');
    const names = { country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
    const other: Tenant = await world.rooms.tenants.ensure(
      { ...names, name: 'Small Cars', slackTeamId: 'T0SMALL' },
      'test',
    );
    const profile = { slackUserId: 'UBRUNO', name: 'Bruno', zone: 'Europe/Stockholm', fullMember: true };
    small = { ...(await world.rooms.staff.remember(other.id, profile)), role: 'admin' };
    await world.rooms.channels.connect(big, given('token-big'));
    await world.rooms.channels.connect(small, given('token-small'));
  });
  afterAll(async () => {
    await world.rooms.gateways.close();
    await world.close();
    await twilio.stop();
  });

  test('neither waits when the token of one is refused, and only its own people are told', async () => {
    expect(await leavesBy()).toBe('Nordic Motors');
    live.delete('token-big');
    const phones = [await drive(big), await drive(small)];
    await settle();
    expect(phones.map(reached)).toEqual([1, 1]);
    expect(await leavesBy()).toBe('Small Cars');
    expect(await standing(big)).toEqual({ rests: null, refused: true });
    expect(await standing(small)).toEqual({ rests: null, refused: false });
    expect(await one(world, `select count(*)::int as value from events where type = 'sender.rested'`)).toBe(0);

    await world.rooms.alerts.run();
    const told = `select array_agg(t.name || ' ' || i.about) as value from alert_items i join tenants t on t.id = i.tenant_id where i.kind = 'gateway'`;
    expect(await one(world, told)).toEqual(['Nordic Motors twilio/sms/access']);
  });

  test('what an old access is still refused for lets nobody rest', async () => {
    const { health } = world.rooms.dispatching;
    const before = `select c.id::text as value from credentials c join tenants t on t.id = c.tenant_id where t.name = 'Nordic Motors'`;
    const credentialId = await one<string>(world, before);
    if (!credentialId) throw new Error('no credentials');
    health.saw(
      { id: await theNumber(), credentialId, rests: 0 },
      { kind: 'refused', reason: 'sender', code: '20003' },
      1,
    );
    await health.settle();
    expect(await standing(small)).toEqual({ rests: null, refused: false });
  });

  test('it rests when nobody’s access is accepted, and works at once when one gives it anew', async () => {
    live.delete('token-small');
    const phone = await drive(small);
    await settle();
    expect(reached(phone)).toBe(0);
    expect((await standing(small)).rests).toBe('denied');

    live.add('token-newer');
    await world.rooms.channels.connect(big, given('token-newer'));
    expect(await leavesBy()).toBe('Nordic Motors');
    expect(await standing(big)).toEqual({ rests: null, refused: false });
    world.skip(3000);
    await world.turnTo(new Date(world.clock.now().getTime() + HOUR_MS));
    expect(reached(phone)).toBe(1);
  });

  test('after a gap what came in is listed by whichever access is accepted', async () => {
    live.add('token-small');
    live.delete('token-newer');
    await world.rooms.channels.connect(small, given('token-small'));
    expect(await leavesBy()).toBe('Nordic Motors');
    await world.database.db.system.query(`update accounts set seen_until = clock_timestamp() - interval '1 minute'`);
    const phone = await drive(small);
    await settle();
    expect(reached(phone)).toBe(1);
    expect(await leavesBy()).toBe('Small Cars');
  });

  test('put away by one, it leaves by the other’s access alone', async () => {
    await world.rooms.channels.remove(small, await theNumber());
    expect(await leavesBy()).toBe('Nordic Motors');
    live.delete('token-small');
    live.add('token-newer');
    const phone = await drive(big);
    world.skip(3000);
    await settle();
    expect(reached(phone)).toBe(1);
    expect(await leavesBy()).toBe('Nordic Motors');
  });
});
