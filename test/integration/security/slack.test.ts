import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isId, newId } from '../../../src/lib/ids.ts';
import { createBackground } from '../../../src/slack/background.ts';
import { SlackRefusal } from '../../../src/slack/client.ts';
import { createDispatch, type Dispatch } from '../../../src/slack/dispatch.ts';
import { createIdentity } from '../../../src/slack/identity.ts';
import { createInstallation } from '../../../src/slack/installation.ts';
import { createLeanFetch } from '../../../src/slack/lean-fetch.ts';
import { createSlackClient } from '../../../src/slack/web-client.ts';
import { oneWorkspace } from '../../../src/slack/workspaces.ts';
import type { Staff, Tenant } from '../../../src/tenants/index.ts';
import { MARK } from '../../support/hostile.ts';
import { collecting } from '../../support/log.ts';
import { PICTURES } from '../../support/pictures.ts';
import { U_ADMIN, U_ERIK } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

/*
 * Ids in buttons, windows and links come back from outside. Every button and every window there is, by an admin, with the ids
 * of another business that is in the same workspace, in each shape in which ids travel.
 */

const lines: object[] = [];
/** What people were told, and what was asked of Slack. */
const said: string[] = [];
let world: LeadWorld;
let other: Tenant;
let dispatch: Dispatch;
let close: () => Promise<void>;

beforeAll(async () => {
  world = await openLeadWorld({ quiet: true, pictures: PICTURES });
  const { rooms, slack, clock, tenant, admin, erik } = world;
  await rooms.staff.found(tenant.id, admin);
  await world.setRole(erik, 'admin');
  const place = { country: 'DE', zone: 'Europe/Berlin', language: 'de', slackTeamId: tenant.slackTeamId ?? '' };
  other = await rooms.tenants.add({ ...place, name: 'Zweites Haus', waitsFor: 'go_live' }, admin);
  const log = collecting(lines);
  const lean = createLeanFetch({ timeoutMs: 3000, machine: clock.machine });
  const client = createSlackClient({ token: slack.botToken, apiUrl: slack.apiUrl, fetch: lean.fetch, log });
  const heard: typeof client = {
    ...client,
    call: (method, args, answer) => {
      said.push(JSON.stringify(args));
      // who people are is asked of Slack; a window needs a trigger that Slack gave out, and refuses these
      if (method.startsWith('users.') || method.startsWith('team.') || method.startsWith('auth.')) {
        return client.call(method, args, answer);
      }
      return Promise.reject(new SlackRefusal(method, 'invalid_trigger_id'));
    },
  };
  const background = createBackground(log);
  const workspaces = oneWorkspace(createInstallation({ client, log }), heard);
  dispatch = createDispatch({
    registry: { ...world.edge.registry, home: undefined },
    identity: createIdentity({ ...rooms, workspaces, clock, background }),
    workspaces,
    tenantOfThread: async () => undefined,
    background,
    log,
  });
  await business(other, await founderOf(other), '+491711234567');
  await business(tenant, admin, '+46701234500');
  await world.settle();
  close = async () => {
    await background.drain();
    await lean.close();
    await world.close();
  };
});
afterAll(() => close());

async function founderOf(tenant: Tenant): Promise<Staff> {
  const founder = await world.rooms.staff.bySlackUser(tenant.id, U_ADMIN);
  if (!founder) throw new Error('no founder');
  return founder;
}

/** One of everything that has an id in Slack. Names hold the business's own. */
async function business(tenant: Tenant, boss: Staff, phone: string): Promise<void> {
  const { rooms, clock } = world;
  const name = `${tenant.name} ${MARK}`;
  const { leadId, personId } = await rooms.capture.capture(tenant.id, {
    playbook: 'test-drive',
    source: 'slack',
    sourceKey: newId(),
    ownerId: boss.id,
    actor: `staff:${boss.id}`,
    name,
    phone,
    email: '',
    language: 'sv',
    fields: { car: `${tenant.name} 1` },
    consentGiven: true,
  });
  const start = new Date(clock.now().getTime() + 26 * 3_600_000);
  await rooms.bookings
    .book(tenant.id, { leadId, personId, staffId: boss.id, startsAt: start, by: { kind: 'staff', id: boss.id } })
    .catch(() => undefined);
  await rooms.forms.make(boss, { name, playbook: 'test-drive' });
  await rooms.apiKeys.make(boss, { name, role: 'manager' });
  const google = { kind: 'google', name, playbook: 'test-drive', account: '', secrets: {} } as const;
  await rooms.leadSources.connect(boss, google);
  await rooms.desk.reply(boss, leadId, `Hallo von ${tenant.name}`, newId(), null);
}

/** Ids of a business, one of each kind. */
async function idsOf(tenant: Tenant): Promise<Record<string, string>> {
  const { system } = world.database.db;
  const tables = await system.query<{ name: string }>(
    `select table_name as name from information_schema.columns c
     where table_schema = 'public' and column_name = 'id' and data_type = 'uuid' and exists (select from
       information_schema.columns where table_name = c.table_name and column_name = 'tenant_id') order by 1`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await system.query<{ id: string }>(`select id from "${name}" where tenant_id = $1 limit 1`, [
      tenant.id,
    ]);
    if (row) found[name] = row.id;
  }
  return found;
}

/** Everything of a business, as one text for each table. */
async function stateOf(tenant: Tenant): Promise<Record<string, string>> {
  const { system } = world.database.db;
  const tables = await system.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
  );
  const states = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as state
       from "${name}" t where tenant_id = '${tenant.id}'`,
  );
  const rows = await system.query<{ name: string; state: string }>(states.join(' union all '));
  return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
}

/** Whatever a button or a window may carry of these ids: alone, as fields of JSON, in lines, behind a word. */
function shapesOf(ids: Record<string, string>): string[] {
  const { leads: lead = '', persons: person = '', messages: message = '', bookings: booking = '', staff = '' } = ids;
  const { form_keys: door = '', lead_sources: source = '', api_keys: key = '' } = ids;
  const all = { id: lead, lead, leadId: lead, person, personId: person, message, messageId: message, booking, staff };
  const form = { ...all, bookingId: booking, draft: lead, to: 'won', playbook: 'test-drive', base: 1, group: 'hours' };
  return [
    lead,
    person,
    booking === '' ? source : booking,
    JSON.stringify(form),
    JSON.stringify({ ...form, id: source, lead: null, kind: 'waiting', channel: null, key, door, below: 'x' }),
    `${lead}\nsms\n\n0\nHallo`,
  ];
}

/** Every input that any window reads, filled in. */
const NAMES =
  `name playbook who remove reason at where person language day zone words value text send phone pause minutes
  how country consent_words consent_from about until_time until topic to time template role plan pace from_time from cover
  channel restart reset holidays close channels agreed cover away title`.split(/\s+/);
const entered = (id: string) => {
  const element = {
    value: 'Hallo 10',
    selected_option: { value: id },
    selected_user: U_ERIK,
    selected_options: [{ value: 'remove' }, { value: id }],
  };
  return Object.fromEntries(NAMES.map((each) => [each, { [each]: element }]));
};

async function press(name: string, value: string, user: string): Promise<void> {
  const team = world.slack.team.id;
  const action = { action_id: name, value, selected_option: { value } };
  const view = {
    id: 'V1',
    type: 'modal',
    callback_id: 'x',
    private_metadata: value,
    state: { values: entered(value) },
  };
  const sent = {
    type: 'block_actions',
    user: { id: user, team_id: team },
    team: { id: team },
    trigger_id: 't',
  } as const;
  const respond = async (message: object) => void said.push(JSON.stringify(message));
  await dispatch.action({ ...sent, actions: [action] }, respond);
  if (isId(value)) return;
  await dispatch.action({ ...sent, actions: [action], view: { ...view, hash: '', blocks: [] } }, respond);
}

async function submit(name: string, metadata: string, user: string): Promise<void> {
  const team = world.slack.team.id;
  const values = entered(metadata);
  const view = {
    id: `V${newId()}`,
    type: 'modal',
    callback_id: name,
    private_metadata: metadata,
    hash: '',
    blocks: [],
  };
  const who = { user: { id: user, team_id: team }, team: { id: team }, trigger_id: 't' };
  said.push(
    JSON.stringify(await dispatch.submit({ type: 'view_submission', ...who, view: { ...view, state: { values } } })) ??
      '',
  );
}

/** Uses everything there is with each of these; gives what was told that holds any of the words. */
async function tryAll(carried: readonly string[], words: RegExp): Promise<string[]> {
  const { modals } = world.edge.registry;
  // what carries no id at all, and is long
  const actions = [...world.edge.registry.actions.keys()].filter((name) => !/^(templates|rehearse|setup)_/.test(name));
  const told: string[] = [];
  const listen = (what: string) => {
    told.push(...said.filter((each) => words.test(each)).map((each) => `${what}: ${each.slice(0, 300)}`));
    said.length = 0;
  };
  for (const value of carried) {
    for (const name of actions) {
      await press(name, value, U_ERIK);
      listen(`${name} ${value}`);
    }
    for (const name of modals.keys()) {
      await submit(name, value, U_ERIK);
      listen(`${name} ${value}`);
    }
  }
  return told;
}

describe('what buttons and windows carry', () => {
  test('ids of another business open, tell and change nothing', async () => {
    const ids = await idsOf(other);
    expect(Object.keys(ids)).toEqual(expect.arrayContaining(['leads', 'persons', 'messages', 'staff', 'form_keys']));
    const before = await stateOf(other);
    expect(await tryAll(shapesOf(ids), /Zweites|4917112/)).toEqual([]);
    expect(await stateOf(other)).toEqual(before);
  }, 120_000);

  test('and what is no id at all does nothing either', async () => {
    const before = await stateOf(other);
    const odd = [`${MARK}\u0000<!channel>`, '00000000-0000-0000-0000-000000000000'];
    await tryAll(odd, /Zweites/);
    expect(await stateOf(other)).toEqual(before);
    expect(JSON.stringify(lines)).not.toMatch(/Zweites|4917112|46701234500/);
  }, 120_000);

  test('while ids of one’s own do', async () => {
    const before = await stateOf(world.tenant);
    const told = await tryAll(shapesOf(await idsOf(world.tenant)).slice(0, 1), /Nordic Motors Zyxqvarn/);
    expect(told.length).toBeGreaterThan(5);
    expect(await stateOf(world.tenant)).not.toEqual(before);
  });
});
