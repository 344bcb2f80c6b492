import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger } from '../../../src/lib/logger.ts';
import { createBackground } from '../../../src/slack/background.ts';
import { createDispatch, type Dispatch } from '../../../src/slack/dispatch.ts';
import type { Asked } from '../../../src/slack/feature.ts';
import { createIdentity } from '../../../src/slack/identity.ts';
import { createInstallation } from '../../../src/slack/installation.ts';
import { createLeanFetch } from '../../../src/slack/lean-fetch.ts';
import { SHORTCUTS, SLASH_COMMANDS } from '../../../src/slack/manifest.ts';
import type { Registry } from '../../../src/slack/registry.ts';
import { stamped } from '../../../src/slack/stamp.ts';
import { createSlackClient } from '../../../src/slack/web-client.ts';
import { oneWorkspace } from '../../../src/slack/workspaces.ts';
import {
  may,
  meansOf,
  PERMISSIONS,
  type Permission,
  ROLES,
  type Role,
  type Tenant,
  whoMay,
} from '../../../src/tenants/index.ts';
import { PICTURES } from '../../support/pictures.ts';
import { U_ADMIN, U_ERIK, U_GUEST, U_MARIA, U_SOFIA } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

/*
 * Every command, button, window, shortcut and page there is, by every role, through the real dispatch and the real
 * identity: only what an entry does is replaced by a note that it ran, and where.
 */

const PEOPLE: readonly (readonly [Role | null, string])[] = [
  [null, U_GUEST],
  ['salesperson', U_SOFIA],
  ['manager', U_MARIA],
  ['admin', U_ADMIN],
];
type Kind = 'command' | 'action' | 'modal' | 'shortcut' | 'message shortcut';
interface Entry {
  kind: Kind;
  name: string;
  permission: Permission | 'anybody' | undefined;
}

let world: LeadWorld;
let dispatch: Dispatch;
let entries: Entry[];
let close: () => Promise<void>;
/** What ran, and in which tenant. */
const ran: { name: string; tenantId: string }[] = [];
/** What people were told. */
const told: string[] = [];

beforeAll(async () => {
  world = await openLeadWorld({ quiet: true, pictures: PICTURES });
  const { rooms, slack, clock, edge } = world;
  await rooms.staff.found(world.tenant.id, world.admin);
  const log = createLogger('silent');
  const lean = createLeanFetch({ timeoutMs: 3000, machine: clock.machine });
  const client = createSlackClient({ token: slack.botToken, apiUrl: slack.apiUrl, fetch: lean.fetch, log });
  const background = createBackground(log);
  const workspaces = oneWorkspace(createInstallation({ client, log }), client);
  dispatch = createDispatch({
    registry: noting(edge.registry),
    identity: createIdentity({ ...rooms, workspaces, clock, background }),
    workspaces,
    tenantOfThread: async () => undefined,
    background,
    log,
  });
  entries = entriesOf(edge.registry);
  close = async () => {
    await background.drain();
    await lean.close();
    await world.close();
  };
});
beforeEach(() => {
  ran.length = 0;
  told.length = 0;
});
afterAll(() => close());

function noting(registry: Registry): Registry {
  const note = (name: string) => async (asked: Asked) => {
    ran.push({ name, tenantId: asked.tenant.id });
  };
  const each = <T extends object, P extends object>(map: ReadonlyMap<string, T>, part: (name: string) => P) =>
    new Map([...map].map(([name, entry]) => [name, { ...entry, ...part(name) }] as const));
  const noted = (name: string) => ({ run: note(name) });
  return {
    commands: each(registry.commands, (name) => ({
      run: async (asked: Asked) => {
        await note(name)(asked);
        return { text: 'ran' };
      },
    })),
    actions: each(registry.actions, noted),
    modals: each(registry.modals, (name) => ({
      submit: async (asked: Asked) => {
        await note(name)(asked);
        return { kind: 'close' as const };
      },
    })),
    shortcuts: each(registry.shortcuts, noted),
    messageShortcuts: each(registry.messageShortcuts, noted),
    home: { opened: note('home'), acted: async () => {} },
  };
}

function entriesOf(registry: Registry): Entry[] {
  const of = (kind: Kind, map: ReadonlyMap<string, { permission?: Permission | 'anybody' }>): Entry[] =>
    [...map].map(([name, { permission }]) => ({ kind, name, permission }));
  return [
    ...of('command', registry.commands),
    ...of('action', registry.actions),
    ...of('modal', registry.modals),
    ...of('shortcut', registry.shortcuts),
    ...of('message shortcut', registry.messageShortcuts),
  ];
}

const respond = async (message: object) => void told.push((message as { text?: string }).text ?? '');

/** A person uses an entry as Slack would tell it; `tenant` is the one that a button or a window was made for. */
async function use(
  entry: Entry,
  user: string,
  tenant: Pick<Tenant, 'id' | 'firstInTeam'> = world.tenant,
): Promise<void> {
  const team = world.slack.team.id;
  const who = { user: { id: user, team_id: team }, team: { id: team }, trigger_id: 't' };
  const mark = stamped(tenant, { action_id: entry.name }).action_id;
  switch (entry.kind) {
    case 'command': {
      const [command = '', ...words] = entry.name.split(' ');
      const place = { team_id: team, user_id: user, channel_id: 'C0GENERAL', trigger_id: 't' };
      const answer = await dispatch.command({ command, text: words.join(' '), ...place }, respond);
      if (answer) told.push(answer.text);
      return;
    }
    case 'action':
      return dispatch.action({ type: 'block_actions', ...who, actions: [{ action_id: mark, value: 'x' }] }, respond);
    case 'modal': {
      const view = { id: 'V1', type: 'modal', callback_id: mark, private_metadata: '', hash: '', blocks: [] };
      told.push(JSON.stringify(await dispatch.submit({ type: 'view_submission', ...who, view })) ?? '');
      return;
    }
    case 'shortcut':
      return dispatch.shortcut({ type: 'shortcut', ...who, callback_id: entry.name }, respond);
    case 'message shortcut': {
      const message = { ts: '1.1', text: 'hello', blocks: [] };
      const place = { callback_id: entry.name, channel: { id: 'C0GENERAL' }, message };
      return dispatch.shortcut({ type: 'message_action', ...who, ...place }, respond);
    }
  }
}

describe('the table of permissions', () => {
  test('everything there is says which permission it asks for, and nothing but plain help is for anybody', () => {
    expect(entries.length).toBeGreaterThan(60);
    const known = new Set<string | undefined>([...Object.keys(PERMISSIONS), 'anybody']);
    expect(entries.filter(({ permission }) => !known.has(permission))).toEqual([]);
    const open = entries.filter(({ permission }) => permission === 'anybody').map(({ name }) => name);
    expect(open.sort()).toEqual(['/rescue', '/rescue help', '/rescue help roles']);
  });

  test('the manifest of the Slack app names just the commands and shortcuts there are, in their own words', () => {
    const { commands, shortcuts, messageShortcuts } = world.edge.registry;
    const slashes = [...commands.values()].filter(({ name }) => !name.includes(' '));
    const summaries = (all: readonly (readonly [string, string])[]) => [...all].sort();
    expect(summaries(SLASH_COMMANDS.map(({ command, description }) => [command, description] as const))).toEqual(
      summaries(slashes.map(({ name, summary }) => [name, summary] as const)),
    );
    const ids = (type: string) => SHORTCUTS.filter((each) => each.type === type).map(({ callback_id: id }) => id);
    expect(ids('global')).toEqual([...shortcuts.keys()]);
    expect(ids('message')).toEqual([...messageShortcuts.keys()]);
  });

  test('is printed whole, each permission once, at the role where it begins', async () => {
    const { shown } = await world.slack.slash(U_SOFIA, '/rescue', 'help roles');
    const lines = (shown?.text ?? '').split('\n').filter((line) => line.startsWith('•'));
    expect(lines).toEqual(ROLES.flatMap((role) => meansOf(role)).map((what) => `• ${what}`));
    expect(lines).toHaveLength(Object.keys(PERMISSIONS).length);
    expect(shown?.text).toContain('You are salesperson.');
  });

  test.each(PEOPLE)(
    'holds for %s in every command, button, window and shortcut',
    async (role, user) => {
      for (const entry of entries) {
        ran.length = 0;
        told.length = 0;
        await use(entry, user);
        const permission: Permission | 'anybody' = entry.permission ?? 'anybody';
        const allowed = permission === 'anybody' || may(role, permission);
        expect([entry.kind, entry.name, ran.map(({ name }) => name)]).toEqual([
          entry.kind,
          entry.name,
          allowed ? [entry.name] : [],
        ]);
        if (!allowed) expect(told.join()).toContain(`Only ${whoMay(permission)} can do this`);
      }
    },
    120_000,
  );
});

describe('several businesses in one workspace', () => {
  let second: Tenant;
  const home = (user: string) =>
    dispatch.home({ team_id: world.slack.team.id, event: { type: 'app_home_opened', user, tab: 'home' } });
  const inTenants = () => [...new Set(ran.map(({ tenantId }) => tenantId))];

  beforeAll(async () => {
    const { rooms, tenant, admin } = world;
    const place = { country: 'DE', zone: 'Europe/Berlin', language: 'de', slackTeamId: tenant.slackTeamId ?? '' };
    second = await rooms.tenants.add({ ...place, name: 'Zweites Haus', waitsFor: 'go_live' }, admin);
  });

  test('nobody gets anywhere in a business in which they have no place', async () => {
    for (const user of [U_GUEST, U_SOFIA, U_MARIA]) {
      for (const entry of entries) await use(entry, user, second);
      await home(user);
    }
    expect(inTenants()).toEqual([world.tenant.id]);
    const asked = entries.filter(({ kind }) => kind === 'action' || kind === 'modal');
    const refused = told.filter((text) => text.includes('in which you have no place'));
    expect(refused).toHaveLength(asked.length * 3);
  });

  test('its founder acts in it by its own buttons and windows, whatever is chosen, with the role of that place', async () => {
    const { rooms } = world;
    for (const entry of entries) {
      ran.length = 0;
      await use(entry, U_ADMIN, second);
      const belongs = entry.kind === 'action' || entry.kind === 'modal';
      expect([entry.name, inTenants()]).toEqual([entry.name, [belongs ? second.id : world.tenant.id]]);
    }
    const founder = await rooms.staff.bySlackUser(second.id, U_ADMIN);
    if (!founder) throw new Error('no founder');
    await rooms.staff.choose(second.id, founder.id);
    for (const entry of entries) {
      ran.length = 0;
      await use(entry, U_ADMIN);
      const belongs = entry.kind === 'action' || entry.kind === 'modal';
      expect([entry.name, inTenants()]).toEqual([entry.name, [belongs ? world.tenant.id : second.id]]);
    }
    ran.length = 0;
    await home(U_ADMIN);
    expect(inTenants()).toEqual([second.id]);
  });

  test('a place is given by its admin alone, with its own role there', async () => {
    const { rooms, erik, maria } = world;
    const founder = await rooms.staff.bySlackUser(second.id, U_ADMIN);
    if (!founder) throw new Error('no founder');
    const profile = { slackUserId: U_ERIK, name: erik.name, zone: null, fullMember: true, byInvitation: true };
    const there = await rooms.staff.remember(second.id, profile);
    expect(there.role).toBeNull();
    await expect(rooms.staff.setRole(second.id, there.id, 'manager', maria)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await rooms.staff.setRole(second.id, there.id, 'manager', founder);
    expect(await rooms.staff.places(world.slack.team.id, U_ERIK)).toEqual([
      { tenantId: world.tenant.id, role: 'salesperson' },
      { tenantId: second.id, role: 'manager' },
    ]);
    const managers = entries.find(({ kind, permission }) => kind === 'action' && permission === 'templates.see');
    if (!managers) throw new Error('no button for managers');
    await use(managers, U_ERIK, second);
    await use(managers, U_ERIK);
    expect(ran).toEqual([{ name: managers.name, tenantId: second.id }]);
  });

  test('somebody new in the workspace has no place in any of them until one is given', async () => {
    world.slack.addUser({ id: 'U0NEW', name: 'new', realName: 'Nora New', tz: 'Europe/Stockholm' });
    for (const entry of entries) await use(entry, 'U0NEW');
    expect(ran.map(({ name }) => name).sort()).toEqual(['/rescue', '/rescue help', '/rescue help roles']);
    expect(await world.rooms.staff.places(world.slack.team.id, 'U0NEW')).toEqual([]);
  });
});
