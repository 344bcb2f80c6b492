import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  DEMO_PEOPLE,
  FORM,
  U_ADMIN,
  U_ERIK,
  U_GUEST,
  U_MARIA,
  U_SOFIA,
  U_STRANGER,
  U_ULTRA,
  type Violation,
} from '../../support/slack.ts';
import { startEdge, type TestEdge, until } from '../../support/slack-edge.ts';

const DAY_MS = 86_400_000;

let world: TestEdge;
afterEach(() => {
  world.slack.mischief.reset();
  expect(world.slack.violations).toEqual([]);
});

const usersAsked = () => world.slack.calls.filter(({ method }) => method === 'users.info').map(({ args }) => args.user);
const tenants = async () => (await world.db.system.query<{ n: number }>('select count(*) as n from tenants'))[0]?.n;

async function roleOf(userId: string) {
  const { id } = await world.tenant();
  return (await world.rooms.staff.bySlackUser(id, userId))?.role;
}

async function eventsOf(type: string) {
  return world.db.system.query<{ data: object; actor: string }>('select data, actor from events where type = $1', [
    type,
  ]);
}

describe('a new workspace', () => {
  beforeAll(async () => {
    world = await startEdge();
  });
  afterAll(() => world.stop());

  const from = (team: string, user: string) =>
    new URLSearchParams({
      command: '/rescue',
      text: '',
      team_id: team,
      user_id: user,
      channel_id: 'C1',
      trigger_id: 'x',
    }).toString();

  test('an unsigned request makes no tenant, nor does another workspace', async () => {
    await world.slack.send(from('T0DEMO', U_SOFIA), FORM, { unsigned: true });
    const answer = await world.slack.send(from('T0OTHER', U_STRANGER), FORM);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body).text).toContain('This Slack workspace is not connected to LeadRescue.');
    expect(await tenants()).toBe(0);
  });

  test('two people who run /rescue at once: one tenant, one admin', async () => {
    const people = [U_SOFIA, U_ERIK, U_MARIA, U_ADMIN];
    const answers = await Promise.all(people.map((user) => world.slack.slash(user, '/rescue')));
    expect(await tenants()).toBe(1);
    const welcomed = answers.filter(({ shown }) => shown?.text.includes('You are the first here'));
    expect(welcomed).toHaveLength(1);
    expect((await Promise.all(people.map(roleOf))).sort()).toEqual([
      'admin',
      'salesperson',
      'salesperson',
      'salesperson',
    ]);
    expect(await eventsOf('staff.role_changed')).toHaveLength(1);
    expect(await eventsOf('tenant.created')).toMatchObject([{ data: { source: 'slack' } }]);
  });

  test('takes its name from Slack, its zone and country from the first who asked', async () => {
    expect(await world.tenant()).toMatchObject({
      name: 'Nordic Motors',
      slackTeamId: 'T0DEMO',
      zone: 'Europe/Stockholm',
      country: 'SE',
      language: 'en',
    });
  });

  test('is of the first admin for good: the next /rescue changes nothing', async () => {
    const before = await Promise.all([U_SOFIA, U_ERIK, U_MARIA, U_ADMIN].map(roleOf));
    for (const user of [U_SOFIA, U_ERIK, U_MARIA, U_ADMIN]) await world.slack.slash(user, '/rescue', 'help');
    expect(await Promise.all([U_SOFIA, U_ERIK, U_MARIA, U_ADMIN].map(roleOf))).toEqual(before);
  });
});

describe('who is who', () => {
  beforeAll(async () => {
    world = await startEdge();
    await world.tenant();
  });
  afterAll(() => world.stop());

  test.each([
    ['a guest of several channels', U_GUEST],
    ['a guest of one channel', U_ULTRA],
    ['somebody of another workspace', U_STRANGER],
  ])('%s has no role and can do nothing', async (_name, user) => {
    expect((await world.slack.slash(user, '/drive')).shown?.text).toContain('Only salespeople, managers and admins');
    expect((await world.slack.slash(user, '/rescue')).shown?.text).toContain('You have no role in LeadRescue here.');
    expect(await roleOf(user)).toBeNull();
    expect(world.slack.stack(user)).toEqual([]);
  });

  test('bots and people who left have none either', async () => {
    world.slack.addUser({ id: 'U0BOT', name: 'bot', realName: 'A Bot', tz: 'Europe/Stockholm', bot: true });
    world.slack.addUser({
      id: 'U0LEFT',
      name: 'left',
      realName: 'Left Long Ago',
      tz: 'Europe/Stockholm',
      deleted: true,
    });
    for (const user of ['U0BOT', 'U0LEFT']) {
      await world.slack.slash(user, '/rescue');
      expect(await roleOf(user)).toBeNull();
    }
  });

  test('somebody Slack hides from us is refused and not remembered', async () => {
    world.slack.mischief.refuse.set('users.info', 'user_not_visible');
    world.slack.addUser({ id: 'U0HIDDEN', name: 'hidden', realName: 'Hidden', tz: 'UTC' });
    expect((await world.slack.slash('U0HIDDEN', '/rescue')).shown?.text).toBe(
      'Only members of this workspace can use LeadRescue.',
    );
    expect(await roleOf('U0HIDDEN')).toBeUndefined();
  });

  test('a full member is a salesperson, and Slack is asked once', async () => {
    await world.slack.slash(U_ERIK, '/leads');
    await world.slack.slash(U_ERIK, '/leads');
    expect(await roleOf(U_ERIK)).toBe('salesperson');
    expect(usersAsked().filter((user) => user === U_ERIK)).toHaveLength(1);
  });

  test('after a day Slack is asked again, without keeping anybody waiting: a guest by now has no role any more', async () => {
    await world.slack.slash(U_MARIA, '/leads');
    expect(await roleOf(U_MARIA)).toBe('salesperson');
    const maria = DEMO_PEOPLE.find(({ id }) => id === U_MARIA);
    if (!maria) throw new Error('no Maria');
    world.slack.addUser({ ...maria, restricted: true });
    world.ahead(DAY_MS + 60_000);
    // a salesperson still for this one request, which does not wait for Slack
    world.slack.mischief.slowMs = 1500;
    expect((await world.slack.slash(U_MARIA, '/leads')).shown?.text).toContain('No leads yet');
    expect(usersAsked().filter((user) => user === U_MARIA)).toHaveLength(1);
    world.slack.mischief.slowMs = 0;
    await world.slack.waitFor(
      () => usersAsked().filter((user) => user === U_MARIA).length === 2,
      'the second question',
    );
    await until(async () => (await roleOf(U_MARIA)) === null);
    world.ahead(DAY_MS + 120_000); // what is known of a person is fresh for a second
    expect((await world.slack.slash(U_MARIA, '/leads')).shown?.text).toContain('Only salespeople');
    expect(await eventsOf('staff.role_changed')).toContainEqual({
      actor: 'system',
      data: expect.objectContaining({ from: 'salesperson', to: null }),
    });
    world.ahead(0);
  });
});

describe('Slack is down', () => {
  afterEach(() => world.stop());

  test('at the start: the process lives, says that it is not ready, answers people, and connects later', async () => {
    world = await startEdge({ down: true });
    expect((await world.slack.slash(U_SOFIA, '/rescue')).shown?.text).toBe(
      'Slack did not answer. Try again in a minute.',
    );
    expect(world.edge.ready()).toBe(false);
    world.slack.mischief.reset();
    await until(() => world.edge.ready());
    expect((await world.slack.slash(U_SOFIA, '/rescue')).shown?.text).toContain('Welcome to LeadRescue');
  });

  test('a token that Slack refuses is an error for a person, and the process lives', async () => {
    world = await startEdge({ config: { botToken: 'xoxb-wrong' } });
    await until(() => world.logged.some(({ level, msg }) => level === 'error' && msg.startsWith('Slack refuses')));
    expect(world.edge.ready()).toBe(false);
    expect(JSON.stringify(world.logged)).not.toContain('xoxb-wrong');
    expect((world.slack.violations as Violation[]).splice(0).map(({ code }) => code)).toEqual(['invalid_auth']);
  });

  test('the app is taken out of the workspace: not ready until the token works again', async () => {
    world = await startEdge();
    await until(() => world.edge.ready());
    world.slack.mischief.refuse.set('auth.test', 'account_inactive');
    await world.slack.deliver({ type: 'app_uninstalled' });
    await until(() => !world.edge.ready());
  });
});
