import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { LeadId, TenantId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { type TestSlack, U_ADMIN, U_ERIK, U_GUEST, U_SOFIA } from '../../support/slack.ts';
import { type City, openCity } from '../../support/slack-city.ts';
import { until } from '../../support/slack-edge.ts';

/* Many workspaces: each installs the app, is served with its own token, and may take the app out again. */

let city: City;
let north: TestSlack;
let south: TestSlack;

beforeAll(async () => {
  city = await openCity();
  north = await city.workspace('T0NORTH', 'North Cars');
  south = await city.workspace('T0SOUTH', 'South Cars');
});
afterAll(() => city.close());

const sql = <T extends object>(text: string, values: unknown[] = []) => city.database.db.system.query<T>(text, values);
const tenant = async (team: string) => {
  const found = await city.rooms.tenants.byTeam(team);
  if (!found) throw new Error(`no tenant of ${team}`);
  return found;
};
/** What a command is answered; on a busy machine the answer comes behind the acknowledgement. */
const answerTo = async (slack: TestSlack, user: string, command: string, text = '') => {
  const before = slack.ephemerals(user).length;
  const { shown } = await slack.slash(user, command, text);
  return (shown ?? (await slack.waitFor(() => slack.ephemerals(user)[before], 'an answer'))).text;
};

const logged = (id: TenantId, owner: Staff, phone: string) =>
  city.rooms.capture.capture(id, {
    playbook: 'test-drive',
    source: 'slack',
    sourceKey: phone,
    ownerId: owner.id,
    actor: `staff:${owner.id}`,
    name: 'Anna Karlsson',
    phone,
    email: '',
    language: 'sv',
    fields: { car: 'BMW X5' },
    consentGiven: true,
  });

describe('before the app is installed', () => {
  test('a workspace is told that it is not connected, and nothing is kept', async () => {
    expect(await answerTo(north, U_SOFIA, '/rescue')).toContain('not connected to LeadRescue');
    expect(await city.rooms.tenants.byTeam('T0NORTH')).toBeUndefined();
  });

  test('the page leads to Slack with what the app may do, and keeps half of the state in the browser', async () => {
    const { status, text, cookie } = await city.visit(`${city.origin}/slack/install`);
    expect(status).toBe(200);
    expect(text).toContain('Add to Slack');
    const address = new URL(text.match(/href="([^"]+oauth\/v2\/authorize[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? '');
    expect(address.searchParams.get('redirect_uri')).toBe(`${city.origin}/slack/oauth_redirect`);
    expect(address.searchParams.get('scope')).toContain('chat:write');
    expect(cookie).toMatch(/^leadrescue_install=[\w-]{32}; Max-Age=600; Path=\/slack;.*HttpOnly; SameSite=Lax$/);
  });
});

describe('what comes back from Slack is refused', () => {
  test.each([
    ['without any state', ''],
    ['with a state that nobody signed', 'state=9999999999.abc&code=T0NORTH.x'],
    ['with a number that is none', 'state=..&code=x'],
  ])('%s', async (_name, query) => {
    const { status, text } = await city.visit(`${city.origin}/slack/oauth_redirect?${query}`);
    expect(status).toBe(400);
    expect(text).toContain('That took too long, or began elsewhere.');
  });

  test('in another browser than the one that began', async () => {
    const mine = new Map<string, string>();
    const { text } = await city.visit(`${city.origin}/slack/install`, mine);
    const address = text.match(/class="primary" href="([^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const back = north.agree(U_ADMIN, address);
    const victim = new Map<string, string>();
    await city.visit(`${city.origin}/slack/install`, victim);
    expect((await city.visit(back, victim)).status).toBe(400);
    expect(await sql('select from workspaces')).toEqual([]);
  });

  test('when the person did not agree, when it is for a whole organisation, and with a code of somebody else', async () => {
    expect(await city.install(north, U_ADMIN, { refuse: true })).toMatchObject({ status: 403 });
    const whole = await city.install(north, U_ADMIN, { organisation: true });
    expect(whole.status).toBe(403);
    expect(whole.text).toContain('one workspace at a time');
    const jar = new Map<string, string>();
    const { text } = await city.visit(`${city.origin}/slack/install`, jar);
    const state = new URL(text.match(/href="([^"]+authorize[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? '').searchParams;
    const made = `${city.origin}/slack/oauth_redirect?code=made-up&state=${state.get('state')}`;
    const { status, text: words } = await city.visit(made, jar);
    expect(status).toBe(400);
    expect(words).toContain('only once');
    expect(await sql('select from workspaces')).toEqual([]);
  });
});

describe('installed', () => {
  test('each workspace gets a tenant that is not live, with whoever installed it as its admin', async () => {
    const first = await city.install(north, U_ADMIN);
    expect(first.status).toBe(200);
    expect(first.text).toContain('in North Cars');
    expect((await city.install(south, U_SOFIA)).status).toBe(200);
    expect(await tenant('T0NORTH')).toMatchObject({ name: 'North Cars', waitsFor: 'go_live', firstInTeam: true });
    const southern = await tenant('T0SOUTH');
    expect((await city.rooms.staff.bySlackUser(southern.id, U_SOFIA))?.role).toBe('admin');
    await north.waitFor(() => north.messages(U_ADMIN).find((m) => m.text.includes('Welcome')), 'a greeting');
    await south.waitFor(() => south.messages(U_SOFIA).find((m) => m.text.includes('/rescue setup')), 'a greeting');
  });

  test('a guest who may install apps does not become an admin', async () => {
    const east = await city.workspace('T0EAST', 'East Cars');
    expect((await city.install(east, U_GUEST)).status).toBe(200);
    const { id } = await tenant('T0EAST');
    expect((await city.rooms.staff.bySlackUser(id, U_GUEST))?.role).toBeNull();
    await east.slash(U_ERIK, '/rescue');
    expect((await city.rooms.staff.bySlackUser(id, U_ERIK))?.role).toBe('admin');
  });

  test('the token is sealed: neither it nor the secret of the app is anywhere in the database', async () => {
    const [row] = await sql<{ token: Buffer; text: string }>(
      `select token, w::text as text from workspaces w where team_id = 'T0NORTH'`,
    );
    expect(row?.token.toString('latin1')).not.toContain('xoxb');
    expect(row?.text).not.toContain('xoxb-T0NORTH');
    const events = JSON.stringify(await sql('select data from events'));
    expect(events).not.toContain('xoxb');
  });

  test('a token never meets another workspace, whoever asks at the same time', async () => {
    const people = [U_SOFIA, U_ERIK, U_ADMIN];
    const asked = Array.from({ length: 12 }, (_, n) => people[n % 3] ?? U_SOFIA);
    const answers = await Promise.all(
      asked.flatMap((user) => [answerTo(north, user, '/rescue'), answerTo(south, user, '/rescue')]),
    );
    answers.forEach((text, index) => {
      expect(text).toContain(index % 2 === 0 ? 'North Cars' : 'South Cars');
    });
    await Promise.all([north.slash(U_ERIK, '/drive'), south.slash(U_ERIK, '/drive')]);
    for (const slack of [north, south]) {
      expect(slack.violations.filter(({ code }) => code !== 'unknown_method')).toEqual([]);
      expect(slack.calls.length).toBeGreaterThan(2);
      expect(slack.calls.every(({ answer }) => answer.ok === true)).toBe(true);
    }
  });

  test('each tenant is reached by the client of its own workspace', async () => {
    const clients = await Promise.all(
      ['T0NORTH', 'T0SOUTH'].map(async (team) => city.edge.client((await tenant(team)).id)),
    );
    const teams = await Promise.all(clients.map((c) => c.call('auth.test', {}, z.object({ team_id: z.string() }))));
    expect(teams.map(({ team_id }) => team_id)).toEqual(['T0NORTH', 'T0SOUTH']);
  });
});

describe('taken out again', () => {
  let leadId: LeadId;
  const states = () =>
    sql<{ state: string; reason: string | null }>(
      'select state, reason from messages where lead_id = $1 order by due_at, id',
      [leadId],
    );

  test('a late word of an end that is over changes nothing', async () => {
    await north.deliver({ type: 'app_uninstalled' });
    await north.deliver({ type: 'tokens_revoked', tokens: { oauth: ['U1'] } });
    expect(await answerTo(north, U_ADMIN, '/rescue')).toContain('North Cars');
    expect((await tenant('T0NORTH')).waitsFor).toBe('go_live');
  });

  test('the token is deleted, the tenant stays and waits, and other workspaces go on', async () => {
    const before = await tenant('T0NORTH');
    const admin = await city.rooms.staff.bySlackUser(before.id, U_ADMIN);
    if (!admin) throw new Error('no admin');
    await city.rooms.live.go(before, admin);
    north.mischief.refuse.set('auth.test', 'account_inactive');
    await north.deliver({ type: 'app_uninstalled' });
    await until(async () => (await city.rooms.tenants.byTeam('T0NORTH'))?.waitsFor === 'slack');
    expect(await sql(`select token from workspaces where team_id = 'T0NORTH'`)).toEqual([{ token: null }]);
    await until(async () => (await answerTo(north, U_ADMIN, '/rescue')).includes('not connected'));
    expect(await answerTo(south, U_SOFIA, '/rescue')).toContain('South Cars');
    await expect(city.edge.client(before.id)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('nothing automated leaves meanwhile, and a stop of a customer still counts', async () => {
    const { id } = await tenant('T0NORTH');
    const owner = await city.rooms.staff.bySlackUser(id, U_ADMIN);
    if (!owner) throw new Error('no owner');
    const log = async (phone: string) => (await logged(id, owner, phone)).leadId;
    const other = await log('+46702222222');
    leadId = await log('+46701234567');
    await city.settle();
    expect((await states())[0]).toEqual({ state: 'held', reason: 'not_in_slack' });
    expect(city.twilio.journal.sent).toEqual([]);
    const [person] = await sql<{ personId: string }>('select person_id as "personId" from leads where id = $1', [
      other,
    ]);
    await city.rooms.optOuts.run(id, {
      personId: person?.personId as never,
      scope: 'all',
      by: 'link',
      actor: 'customer',
    });
    const after = await sql<{ state: string }>('select state from messages where lead_id = $1', [other]);
    expect(after.map(({ state }) => state)).toEqual(after.map(() => 'cancelled'));
  });

  test('a new installation restores everything, says what waits, and lets nothing go by itself', async () => {
    north.mischief.reset();
    expect((await city.install(north, U_ADMIN)).text).toContain('back');
    const back = await tenant('T0NORTH');
    expect(back.waitsFor).toBe('go_live');
    await north.waitFor(() => north.messages(U_ADMIN).find((m) => m.text.includes('is back at')), 'a word about it');
    await city.settle();
    expect((await states())[0]?.state).toBe('held');
    expect(await city.rooms.live.waiting(back.id)).toBe(1);
  });

  test('going live lets go what waited, in its order, once', async () => {
    const back = await tenant('T0NORTH');
    const admin = await city.rooms.staff.bySlackUser(back.id, U_ADMIN);
    const erik = await city.rooms.staff.remember(back.id, {
      slackUserId: U_ERIK,
      name: 'Erik',
      zone: null,
      fullMember: true,
    });
    if (!admin) throw new Error('no admin');
    await expect(city.rooms.live.go(back, erik)).rejects.toMatchObject({ code: 'forbidden' });
    const pressed = await Promise.all([city.rooms.live.go(back, admin), city.rooms.live.go(back, admin)]);
    expect(pressed.map(({ released }) => released).sort()).toEqual([0, 1]);
    await city.settle();
    expect((await states())[0]?.state).toMatch(/sent|delivered/);
    expect(
      await sql(`select 1 from events where type = 'tenant.went_live' and tenant_id = $1`, [back.id]),
    ).toHaveLength(2);
  });

  test('what a process held that had not heard of it yet is let go by the next sweep', async () => {
    await sql(`update messages set state = 'held', reason = 'not_live' where lead_id = $1 and state = 'scheduled'`, [
      leadId,
    ]);
    expect(await city.rooms.live.sweep()).toBeGreaterThan(0);
    expect((await states()).filter(({ state }) => state === 'held')).toEqual([]);
    expect(await city.rooms.live.sweep()).toBe(0);
  });
});

describe('an end of which no word came', () => {
  const waits = async () => (await city.rooms.tenants.byTeam('T0SOUTH'))?.waitsFor;
  const tokens = () => sql<{ token: Buffer | null }>(`select token from workspaces where team_id = 'T0SOUTH'`);
  const back = async () => {
    south.mischief.reset();
    await city.install(south, U_SOFIA);
    const now = await tenant('T0SOUTH');
    const admin = await city.rooms.staff.bySlackUser(now.id, U_SOFIA);
    if (!admin) throw new Error('no admin');
    await city.rooms.live.go(now, admin);
    return { now, admin };
  };
  const parked = (id: string) =>
    sql<{ parked: boolean }>(
      `select parked_at is not null as parked from effects where tenant_id = $1 and kind = 'feed.flush'`,
      [id],
    );

  test('is found out by the next call that Slack refuses; what was parked meanwhile is tried again once it is back', async () => {
    const { id } = await tenant('T0SOUTH');
    const client = await city.edge.client(id);
    for (const method of ['auth.test', 'conversations.open']) south.mischief.refuse.set(method, 'account_inactive');
    await expect(client.call('conversations.open', { users: U_SOFIA }, z.unknown())).rejects.toThrow(
      'account_inactive',
    );
    expect(await tokens()).toEqual([{ token: null }]);
    expect(await waits()).toBe('slack');
    await sql(
      `insert into effects (tenant_id, kind, key, attempts, parked_at) values ($1, 'feed.flush', 'feed', 8, now())
       on conflict (tenant_id, kind, key) do update set parked_at = now(), lease_until = null`,
      [id],
    );
    await back();
    expect(await parked(id)).toEqual([{ parked: false }]);
    expect(await waits()).toBeNull();
  });

  test('is no end while the token is good: one method alone refuses', async () => {
    const client = await city.edge.client((await tenant('T0SOUTH')).id);
    south.mischief.refuse.set('conversations.open', 'invalid_auth');
    await expect(client.call('conversations.open', { users: U_SOFIA }, z.unknown())).rejects.toThrow('invalid_auth');
    expect(await waits()).toBeNull();
    south.mischief.reset();
  });

  test('is found out within the hour, by asking; an outage of Slack is no end', async () => {
    const due = () => sql(`update workspaces set checked_at = clock_timestamp() - interval '61 minutes'`);
    south.mischief.outage = 'unavailable';
    await due();
    await city.edge.lookRound();
    expect(await waits()).toBeNull();
    south.mischief.reset();
    south.mischief.refuse.set('auth.test', 'token_revoked');
    await city.edge.lookRound(); // asked a moment ago
    expect(await waits()).toBeNull();
    await due();
    await city.edge.lookRound();
    expect(await waits()).toBe('slack');
    await back();
  });

  test('is written down before Slack’s word is acknowledged', async () => {
    south.mischief.refuse.set('auth.test', 'account_inactive');
    const { answer } = await south.deliver({ type: 'app_uninstalled' });
    expect(answer?.status).toBe(200);
    expect(await tokens()).toEqual([{ token: null }]);
    await back();
  });

  test('leaves a restored copy waiting for its release, which looks up what may have left', async () => {
    const { now, admin } = await back();
    const { leadId } = await logged(now.id, admin, '+46703333333');
    const held = (reason: string) =>
      sql(
        `update messages set state = 'held', reason = $2, purpose = 'agent', attempt = 0, lost_since = null where id =
           (select id from messages where lead_id = $1 order by due_at, id limit 1)`,
        [leadId, reason],
      );
    const looked = () =>
      sql(`select 1 from messages where lead_id = $1 and purpose = 'agent' and lost_since is not null`, [leadId]);
    await held('restored');
    await sql(`update tenants set waits_for = 'restored', restored_since = now() where id = $1`, [now.id]);
    south.mischief.refuse.set('auth.test', 'account_inactive');
    await south.deliver({ type: 'app_uninstalled' });
    expect(await waits()).toBe('restored');
    south.mischief.reset();
    await city.install(south, U_SOFIA);
    expect(await waits()).toBe('restored');
    await city.rooms.live.resume(now, admin);
    expect(await looked()).toHaveLength(1);

    // restored while it was not live: whoever goes live releases it
    await held('not_live');
    await sql(`update tenants set waits_for = 'go_live', restored_since = now() where id = $1`, [now.id]);
    await city.rooms.live.go(now, admin);
    expect(await looked()).toHaveLength(1);
  });
});
