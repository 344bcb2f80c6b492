import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type NewEffect, request } from '../../../src/events/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { PICTURES } from '../../support/pictures.ts';
import { U_ADMIN, U_ERIK, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { until } from '../../support/until.ts';

/* People who leave Slack: their role goes with them, and what they were told goes to somebody who is there. */

let world: LeadWorld;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true, pictures: PICTURES });
  await world.rooms.staff.found(world.tenant.id, world.admin);
});
/** Everybody is there again, as at first. */
afterEach(async () => {
  expect(world.slack.violations).toEqual([]);
  for (const { slackUserId, role, ...staff } of [world.sofia, world.erik, world.maria, world.admin]) {
    present(slackUserId, true);
    await world.setRole({ ...staff, slackUserId, role }, role);
  }
  await sql("update staff set role = null where role is not null and slack_user_id like 'U0EXTRA%'");
});
afterAll(() => world.close());

const sql = <T extends object>(text: string, values: unknown[] = []) => world.database.db.system.query<T>(text, values);
/** Somebody's account in Slack is deactivated, or active again; Slack does not tell us yet. */
function present(userId: string, is: boolean): void {
  const user = world.slack.users().find(({ id }) => id === userId);
  if (!user) throw new Error(`nobody is ${userId}`);
  world.slack.addUser({ ...user, deleted: !is });
}
const roleOf = async (staff: Staff) => (await world.rooms.staff.byId(world.tenant.id, staff.id))?.role;
const toldTo = (userId: string, words: string) =>
  world.direct(userId).filter((message) => visibleText(message).includes(words));
const lastAsked = (ago: string) => sql('update staff set checked_at = clock_timestamp() - $1::interval', [ago]);

const withoutRole = (staff: Staff) => until(async () => (await roleOf(staff)) === null, `${staff.name} without a role`);

describe('somebody who leaves Slack', () => {
  test('loses their role when Slack says so; managers hear of it, with what is still theirs', async () => {
    await world.drive(world.erik, { phone: '+46701774101' });
    present(U_ERIK, false);
    const user = { id: U_ERIK, team_id: world.slack.team.id, real_name: 'Erik Holm', deleted: true };
    await world.slack.deliver({ type: 'user_change', user });
    await withoutRole(world.erik);
    await world.effects();
    const [told] = toldTo(U_MARIA, 'has left your Slack');
    expect(told && visibleText(told)).toContain('*Erik Holm* has no role any more, and 1 open lead is still theirs');
    expect(toldTo(U_ADMIN, 'has left your Slack')).toHaveLength(1);
  });

  test('is found out within a day where Slack’s word was lost; who is still there keeps their role', async () => {
    present(U_SOFIA, false);
    await lastAsked('20 hours');
    await world.edge.lookRound();
    expect(await roleOf(world.sofia)).toBe('salesperson');
    await lastAsked('25 hours');
    await world.edge.lookRound();
    expect(await roleOf(world.sofia)).toBeNull();
    expect(await roleOf(world.maria)).toBe('manager');
    expect(await roleOf(world.admin)).toBe('admin');
    const [row] = await sql<{ due: number }>(
      `select count(*)::int as due from staff where role is not null and checked_at < clock_timestamp() - interval '1 hour'`,
    );
    expect(row?.due).toBe(0);
  });

  test('and comes back, or is nobody here, changes nothing by itself', async () => {
    await world.setRole(world.erik, null);
    const { id: team } = world.slack.team;
    await world.slack.deliver({ type: 'user_change', user: { id: U_ERIK, team_id: team, real_name: 'Erik Back' } });
    await until(
      async () => (await world.rooms.staff.byId(world.tenant.id, world.erik.id))?.name === 'Erik Back',
      'a name',
    );
    expect(await roleOf(world.erik)).toBeNull();
    await world.slack.deliver({ type: 'user_change', user: { id: 'U0NOBODY', team_id: team, deleted: true } });
    expect(await world.rooms.staff.bySlackUser(world.tenant.id, 'U0NOBODY')).toBeUndefined();
  });
});

describe('what is told to people who have left', () => {
  test('an alert of which no manager can be told goes to the admins, and the other way round', async () => {
    const { leadId } = await world.drive(world.sofia, { phone: '+46701774102' });
    await world.flush();
    present(U_MARIA, false);
    await sql(
      `update messages set state = 'unconfirmed', reason = 'no_answer' where lead_id = $1 and step_key = 'day_0'`,
      [leadId],
    );
    await world.rooms.alerts.run();
    await world.effects();
    expect(toldTo(U_ADMIN, '1 message may have left')).toHaveLength(1);

    present(U_MARIA, true);
    present(U_ADMIN, false);
    await sql(
      `insert into effects (tenant_id, kind, key, attempts, parked_at) values ($1, 'feed.flush', 'gone', 8, now())`,
      [world.tenant.id],
    );
    await world.rooms.alerts.run();
    await world.effects();
    expect(toldTo(U_MARIA, '`feed.flush`')).toHaveLength(1);
    await sql(`delete from effects where key = 'gone'`);
  });

  test('a lead that cannot wait is told to whoever is there', async () => {
    await crowd('admin');
    const before = toldTo(U_MARIA, 'Urgent').length;
    const payload = {
      name: 'Jo Ek',
      phone: '+46701774103',
      company: 'Acme',
      service: 'hourly',
      value: 1001,
      consent: true,
    };
    const about = { tenantId: world.tenant.id, source: 'form', playbook: 'corporate-travel', submissionId: '' };
    await world.rooms.enquiries.receive({ ...about, payload });
    await world.flush();
    expect(toldTo(U_MARIA, 'Urgent')).toHaveLength(before + 1);
  });

  test('a digest goes to an admin when no manager is left', async () => {
    present(U_MARIA, false);
    const day = '2026-11-23';
    const before = world.direct(U_ADMIN).length;
    await ask({ kind: 'digest.post', key: `daily/${day}/x`, data: { digest: 'daily', day, receiver: world.maria.id } });
    expect(world.direct(U_ADMIN)).toHaveLength(before + 1);
  });

  test('an erasure is asked of whoever is there; where nobody is, whoever asked hears of it', async () => {
    const personOf = async (phone: string) => (await world.drive(world.sofia, { phone })).personId;
    await crowd('manager');
    await world.rooms.erasures.ask(world.maria, await personOf('+46701774104'));
    await world.effects();
    expect(toldTo(U_ADMIN, 'forget').length).toBeGreaterThan(0);
    present(U_ADMIN, false);
    await world.rooms.erasures.ask(world.maria, await personOf('+46701774105'));
    await world.effects();
    expect(toldTo(U_MARIA, 'Nobody could be asked about the erasure')).toHaveLength(1);
  });
});

describe('a business whose admins have all left', () => {
  const overview = async (userId: string) => {
    const { shown } = await world.slack.slash(userId, '/rescue', '');
    if (!shown) throw new Error('/rescue showed nothing');
    return shown;
  };

  test('has one named by a manager, once, and it is written down who did', async () => {
    expect(visibleText(await overview(U_MARIA))).not.toContain('Nobody is admin here');
    await expect(
      world.rooms.staff.nameAdmin(world.tenant.id, world.erik.id, world.maria, { operator: false }),
    ).rejects.toMatchObject({ code: 'conflict' });
    present(U_ADMIN, false);
    await lastAsked('25 hours');
    await world.edge.lookRound();
    await world.effects();
    expect(toldTo(U_MARIA, 'Nobody is admin here any more').length).toBeGreaterThan(0);

    const { shown } = await world.slack.slash(U_MARIA, '/rescue', 'people');
    if (!shown) throw new Error('no people');
    const acted = await world.slack.click(U_MARIA, { message: shown }, 'Name an admin');
    expect(await world.slack.submit(U_MARIA, await acted.modal(), { to: U_ERIK })).toMatchObject({ closed: true });
    expect(await roleOf(world.erik)).toBe('admin');
    const [event] = await sql<{ actor: string; data: object }>(
      `select actor, data from events where type = 'staff.role_changed' order by id desc limit 1`,
    );
    expect(event).toEqual({
      actor: `staff:${world.maria.id}`,
      data: { staffId: world.erik.id, from: 'salesperson', to: 'admin' },
    });
  });

  test('offers that to no salesperson', async () => {
    await world.setRole(world.admin, null);
    expect(visibleText(await overview(U_SOFIA))).not.toContain('Nobody is admin here');
    expect(visibleText(await overview(U_MARIA))).toContain('Nobody is admin here');
    await expect(
      world.rooms.staff.nameAdmin(world.tenant.id, world.sofia.id, world.sofia, { operator: false }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

/** Six people of a role who are first in the list, and have all left. */
async function crowd(role: 'manager' | 'admin'): Promise<void> {
  for (let n = 0; n < 6; n++) {
    const slackUserId = `U0EXTRA${role.toUpperCase()}${n}`;
    world.slack.addUser({
      id: slackUserId,
      name: `gone${n}`,
      realName: `Aaron Gone ${n}`,
      tz: 'Europe/Stockholm',
      deleted: true,
    });
    const profile = { slackUserId, name: `Aaron Gone ${n}`, zone: null, fullMember: true };
    await world.setRole(await world.rooms.staff.remember(world.tenant.id, profile), role);
  }
}
async function ask(effect: NewEffect): Promise<void> {
  await world.database.db.inTenant(world.tenant.id, (tx) => request(tx, world.tenant.id, [effect]));
  await world.effects();
}
