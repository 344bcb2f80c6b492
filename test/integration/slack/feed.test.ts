import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { settledUntil } from '../../../src/slack/feed/read.ts';
import { U_ADMIN, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld();
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterEach(async () => {
  await world.flush();
  world.slack.mischief.reset();
  await world.setRole(world.admin, 'admin');
  await world.change({ feedChannel: null });
});
afterAll(() => world.close());

const aPhone = () => `+467017406${serial++}`;
const said = (channel: string) => world.slack.messages(channel).map((message) => visibleText(message));
/** What the admin was told since then, cards left out. */
const toAdmin = () => world.direct(U_ADMIN).map((message) => visibleText(message));
const cursor = async () => {
  const [row] = await world.database.db.system.query<{ until: number; last: number }>(
    'select posted_until as until, (select max(id) from events where tenant_id = $1) as last from feeds where tenant_id = $1',
    [world.tenant.id],
  );
  return row;
};

describe('the activity feed', () => {
  test('goes to the admin until it has a channel, then there, each thing once', async () => {
    const phone = aPhone();
    await world.drive(world.sofia, { phone, fields: { car: 'Volvo XC60' } });
    await world.flush();
    expect(toAdmin().join('\n')).toContain('10:30  New test drive logged by Sofia (Volvo XC60)');
    expect(toAdmin().join('\n')).toContain('10:30  First message sent to Anna Karlsson (Volvo XC60)');

    await world.change({ feedChannel: 'C0DRIVES' });
    await world.writes('Hello', phone);
    await world.flush();
    await world.flush();
    expect(said('drives')).toEqual(["10:30  Customer reply received for Sofia's lead (Volvo XC60)"]);
    expect(await cursor()).toMatchObject({ until: (await cursor())?.last });
  });

  test('tells of the later steps and of an opt-out as people would', async () => {
    await world.change({ feedChannel: 'C0DRIVES' });
    const phone = aPhone();
    await world.drive(world.erik, { phone, name: 'Lars Olsson' });
    await world.flush();
    await world.turnTo(new Date('2026-11-25T09:00:30Z'));
    await world.flush();
    expect(said('drives').at(-1)).toContain('10:00  Day-2 follow-up sent to Lars Olsson (BMW X5)');
    await world.writes('STOP', phone, 'sms');
    await world.flush();
    expect(said('drives').at(-1)).toBe('10:00  Opt-out: sequence stopped for Lars Olsson');
  });

  test('tells that a sender rests, who takes over, and that it works again', async () => {
    await world.change({ feedChannel: 'C0DRIVES' });
    const { health } = world.rooms.dispatching;
    const states = await world.rooms.channels.states(world.tenant.id);
    const account = states.find((state) => state.account.channel === 'sms')?.account;
    if (!account) throw new Error('no sender');
    const told = async (since: number) => {
      await health.settle();
      await world.flush();
      return said('drives').slice(since).join('\n');
    };
    const since = said('drives').length;
    health.saw({ id: account.id, rests: 0 }, { kind: 'refused', reason: 'sender', code: '20003' }, 1);
    expect(await told(since)).toMatch(
      /SMS.*refuses our account: messages wait, or go by another channel, until it does/,
    );
    const over = `update accounts set rests_until = clock_timestamp(), refilled_at = clock_timestamp(), tokens = rate where id = $1`;
    await world.database.db.system.query(over, [account.id]);
    health.saw({ id: account.id, rests: 1 }, { kind: 'accepted', gatewayId: 'SM1' }, 1);
    expect(await told(since)).toMatch(/SMS.*works again/);
    world.rooms.routing.rested(account.id, null);
  });

  test('counts a burst instead of listing it', async () => {
    await world.change({ feedChannel: 'C0DRIVES' });
    for (let i = 0; i < 9; i++) await world.drive(world.sofia, { phone: aPhone() });
    await world.effects();
    expect(said('drives').at(-1)).toBe('10:30  9 new leads: test drive');
  });

  test('says nothing without an admin, and does not make up for it later', async () => {
    await world.setRole(world.admin, 'manager');
    const before = world.slack.calls.filter((call) => call.method === 'chat.postMessage').length;
    await world.drive(world.sofia, { phone: aPhone() });
    await world.database.db.system.query(`delete from effects where kind = 'card.refresh'`);
    await world.effects();
    expect(world.slack.calls.filter((call) => call.method === 'chat.postMessage')).toHaveLength(before);
    expect(await cursor()).toMatchObject({ until: (await cursor())?.last });
  });

  test('goes to the admin where its channel is shared with another organisation, or gone', async () => {
    world.slack.addChannel('partners', { extShared: true });
    for (const feedChannel of ['C0PARTNERS', 'C0NOWHERE']) {
      await world.change({ feedChannel });
      const before = toAdmin().length;
      await world.drive(world.sofia, { phone: aPhone() });
      await world.effects();
      expect(toAdmin().slice(before).join()).toContain('New test drive logged by Sofia (BMW X5)');
    }
    expect(said('partners')).toEqual([]);
  });

  test('waits for a transaction that began earlier, so that nothing is left out', async () => {
    const { db } = world.database;
    await world.change({ feedChannel: 'C0DRIVES' });
    await world.effects();
    const before = said('drives').length;
    const other = await db.connect();
    await other.query('begin');
    await other.query(
      `insert into events (tenant_id, type, at, actor, data) values ($1, 'template.changed', $2, 'system', $3)`,
      [
        world.tenant.id,
        world.clock.now(),
        JSON.stringify({ template: 'slow', language: 'sv', version: '1', state: 'approved' }),
      ],
    );
    await world.drive(world.sofia, { phone: aPhone() });
    let answered = false;
    const settled = settledUntil(db.system, world.tenant.id, Date.now).finally(() => {
      answered = true;
    });
    for (let i = 0; i < 10; i++) await db.system.query('select 1');
    expect(answered).toBe(false);
    await other.query('commit');
    await other.end();
    const [last] = await db.system.query<{ id: number }>('select max(id) as id from events');
    expect(await settled).toBe(last?.id);
    await world.effects();
    const news = said('drives').slice(before).join('\n');
    expect(news).toContain('WhatsApp template slow (sv) approved');
    expect(news).toContain('New test drive logged');
  });

  test('keeps its place when Slack does not take a post', async () => {
    await world.change({ feedChannel: 'C0DRIVES' });
    await world.effects();
    const before = said('drives').length;
    world.slack.mischief.rateLimit = { retryAfter: 1, times: 5 };
    await world.drive(world.sofia, { phone: aPhone() });
    await world.effects();
    expect(said('drives')).toHaveLength(before);
    world.slack.mischief.reset();
    await world.retryEffects();
    expect(said('drives').slice(before).join()).toContain('New test drive logged by Sofia (BMW X5)');
  });
});

test('Slack had nothing to complain of', () => {
  expect(world.slack.violations).toEqual([]);
});
