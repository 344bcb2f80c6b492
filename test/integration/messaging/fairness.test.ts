import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '../../../src/lib/ids.ts';
import { claim } from '../../../src/messaging/due.ts';
import type { Tenant } from '../../../src/tenants/index.ts';
import { one } from '../../support/facts.ts';
import { openWorld, type World } from '../../support/world.ts';

const MORNING = new Date('2026-11-24T09:00:01+01:00');

describe('many due messages', () => {
  let world: World;
  let small: Tenant;
  beforeEach(async () => {
    world = await openWorld({ at: new Date('2026-11-23T23:00:00+01:00'), whatsapp: false, concurrency: 10 });
    const names = { country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
    small = await world.rooms.tenants.ensure({ ...names, name: 'Small Cars', slackTeamId: 'T0SMALL' }, 'test');
  });
  afterEach(() => world.close());

  const log = (tenant: Tenant, n: number) =>
    world.rooms.capture.capture(tenant.id, {
      playbook: 'test-drive',
      source: 'slack',
      sourceKey: newId(),
      ownerId: null,
      actor: 'system',
      name: `Person ${n}`,
      phone: `+4670${2_000_000 + n}`,
      email: '',
      language: 'sv',
      fields: { car: 'BMW X5' },
      consentGiven: true,
    });

  test('one tenant does not wait behind the backlog of another', async () => {
    for (let n = 0; n < 120; n += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => log(world.tenant, n + i)));
    await log(small, 900);
    await world.turnTo(MORNING);
    const sent = world.twilio.journal.sent.map((message) => message.to);
    expect(sent.length).toBe(121);
    expect(sent.indexOf('+46702000900')).toBeLessThan(45); // a few batches may be claimed ahead
  });

  test('a first message goes before later steps, and before both what a person wrote', async () => {
    for (let n = 0; n < 30; n++) await log(world.tenant, n);
    await world.database.db.system.query(`update messages set priority = 2 where step_key = 'day_0'`);
    await log(world.tenant, 500);
    const staff = await world.hire('Maria Nyström', 'manager');
    const { leadId } = await log(world.tenant, 501);
    await world.rooms.desk.reply(staff, leadId, 'Välkommen in på fredag!', 'V1');
    world.clock.turnTo(MORNING.getTime() - Date.now());
    const accounts = await world.rooms.catchUp.serveable();
    const { messages } = await claim(world.database.db.system, 1, MORNING, 5, accounts);
    expect(messages.slice(0, 3).map((message) => message.purpose + (message.stepKey ?? ''))).toEqual([
      'reply',
      'cadenceday_0',
      'cadenceday_0',
    ]);
    expect(
      messages
        .slice(1, 3)
        .map((message) => message.name)
        .sort(),
    ).toEqual(['Person 500', 'Person 501']);
  });

  test('an account never sends faster than its rate, by however many workers', async () => {
    for (let n = 0; n < 40; n++) await log(world.tenant, n);
    await world.database.db.system.query('update accounts set rate = 5, tokens = 5, refilled_at = clock_timestamp()');
    const accounts = await world.rooms.catchUp.serveable();
    const claims = await Promise.all(
      [1, 2, 3].map((worker) => claim(world.database.db.system, worker, MORNING, 30, accounts)),
    );
    const claimed = claims.flatMap((each) => each.messages);
    expect(claimed.length).toBeGreaterThanOrEqual(5);
    expect(claimed.length).toBeLessThanOrEqual(6);
    // whoever comes last may find every message in another's hands: then it is for the others to come back
    expect(claims.some((each) => each.more)).toBe(true);
    expect(new Set(claimed.map((message) => message.id)).size).toBe(claimed.length);
  });

  test('a claim that nobody finished is given back when its lease is over', async () => {
    await log(world.tenant, 1);
    const accounts = await world.rooms.catchUp.serveable();
    expect((await claim(world.database.db.system, 1, MORNING, 5, accounts)).messages.length).toBe(1);
    expect(await world.housekeep()).toBe(0);
    expect(await one(world, `select state as value from messages where step_key = 'day_0'`)).toBe('claimed');
    await world.database.db.system.query(
      `update messages set lease_until = clock_timestamp() - interval '1 second' where state = 'claimed'`,
    );
    await world.turnTo(MORNING);
    await world.housekeep();
    await world.settle();
    expect(world.twilio.journal.sent.length).toBe(1);
  });
});
