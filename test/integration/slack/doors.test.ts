import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SourcePort } from '../../../src/inbox/index.ts';
import type { SourceKind } from '../../../src/tenants/index.ts';
import { googleLeads } from '../../../src/vendors/google/index.ts';
import { U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

let world: LeadWorld;
beforeAll(async () => {
  const sourcePorts = new Map<SourceKind, SourcePort>([['google', googleLeads]]);
  world = await openLeadWorld({ quiet: true, sourcePorts });
  await world.rooms.staff.found(world.tenant.id, world.admin);
});
afterAll(() => world.close());

async function rescue(user: string, text: string) {
  const { shown } = await world.slack.slash(user, '/rescue', text);
  if (!shown) throw new Error(`nothing was shown for ${text}`);
  return shown;
}
const press = async (text: string, label: string) =>
  (await world.slack.click(U_ADMIN, { message: await rescue(U_ADMIN, text) }, label)).modal();

describe('/rescue forms', () => {
  test('makes a form in a window, shows its page, its key and what shows it on a website; renames and closes it', async () => {
    const made = await world.slack.submit(U_ADMIN, await press('forms', 'New form'), {
      Name: 'Website',
      'Its enquiries become leads of': 'Corporate travel',
    });
    const words = made.view ? visibleText(made.view) : '';
    const [, slug = ''] = /\/f\/(website-[a-z0-9]{6})/.exec(words) ?? [];
    expect(slug).not.toBe('');
    expect(words).toMatch(/X-Form-Key: lrf_/);
    expect((await rescue(U_ADMIN, 'forms')).text).toContain(`/f/${slug}`);

    const open = await press('forms', 'Open');
    expect(visibleText(open)).toContain('&lt;iframe');
    const wrong = await world.slack.submit(U_ADMIN, open, { 'Websites that may show it': 'example' });
    expect(Object.values(wrong.errors ?? {}).join()).toContain('“example” is no website');
    await world.slack.submit(U_ADMIN, open, {
      Name: 'Our site',
      'Websites that may show it': 'https://www.example.com/contact',
    });
    const form = await world.rooms.forms.bySlug(slug);
    expect(form).toMatchObject({ name: 'Our site', origins: ['https://www.example.com'] });

    await world.slack.submit(U_ADMIN, await press('forms', 'Open'), {
      'Close it': ['From now on nothing is taken, by the page or by the key'],
    });
    expect(await world.rooms.forms.bySlug(slug)).toBeUndefined();
  });

  test('what enquiries become is the standard playbook unless another is chosen', async () => {
    const chosen = (view: object) => JSON.stringify(view).match(/"initial_option":\{[^}]*"text":"([^"]+)"/)?.[1];
    expect(chosen(await press('forms', 'New form'))).toBe('Test drive');
    expect(chosen(await press('forms', 'Connect Google lead forms'))).toBe('Test drive');
    await rescue(U_ADMIN, 'forms add Stand by the road');
    const made = (await world.rooms.forms.list(world.tenant.id)).find(({ name }) => name === 'Stand by the road');
    expect(made?.playbook).toBe('test-drive');
    await rescue(U_ADMIN, 'forms remove Stand by the road');
  });

  test('is for admins', async () => {
    expect((await rescue(U_MARIA, 'forms')).text).toContain('Only admins');
  });

  test('what this server is not set up for says so', async () => {
    expect(visibleText(await press('forms', 'Connect Meta lead ads'))).toContain('set it up first');
  });
});

describe('a lead of Google, from the key to the lead', () => {
  const columns = [
    { column_id: 'FULL_NAME', string_value: 'Bo Ek' },
    { column_id: 'EMAIL', string_value: 'bo@example.com' },
    { column_id: 'SERVICE', string_value: 'A boat' },
  ];
  const keep = async (externalId: string, changes: object = {}) => {
    const [source] = await world.rooms.leadSources.list(world.tenant.id);
    if (!source) throw new Error('nothing is connected');
    const raw = JSON.stringify({ lead_id: externalId, user_column_data: columns, ...changes });
    await world.rooms.sourceLeads.keep({ kind: 'google', externalId, raw, of: { source } });
    await world.rooms.sourceLeads.retry();
  };

  test('the key is made and shown once', async () => {
    const made = await world.slack.submit(U_ADMIN, await press('forms', 'Connect Google lead forms'), {
      Name: 'Autumn campaign',
      'Its leads become': 'Corporate travel',
    });
    const words = made.view ? visibleText(made.view) : '';
    expect(words).toContain('/webhooks/google-leads');
    expect(words).toMatch(/Key: lrs_/);
    await keep('t1', { is_test: true });
    expect((await rescue(U_ADMIN, 'forms')).text).toMatch(/Autumn campaign.*no lead yet · tested/);
  });

  test('what was not understood is parked, listed without what is in it, explained, and tried again', async () => {
    await keep('l1');
    const listed = await rescue(U_MARIA, 'webhooks parked');
    expect(listed.text).toContain('*google* · parked: these are missing or not right: service.');
    expect(listed.text).toContain('Kept for 1 month at most, encrypted');
    expect(visibleText(listed)).not.toContain('Bo Ek');
    expect(visibleText(await rescue(U_MARIA, 'webhooks'))).not.toContain('Look');

    const fields = await press('forms', 'Open');
    expect(visibleText(fields)).toContain('It sent last: FULL_NAME, EMAIL, SERVICE.');
    const wrong = await world.slack.submit(U_ADMIN, fields, {
      'Consent: which field': 'agreed',
      'Consent: the words that stand beside it': 'You may call me at any time.',
    });
    expect(Object.values(wrong.errors ?? {}).join()).toContain('must name every way');
    await world.slack.submit(U_ADMIN, fields, {
      Service: '"Hourly"',
      'Consent: which field': '',
      'Consent: the words that stand beside it': '',
    });
    const [source] = await world.rooms.leadSources.list(world.tenant.id);
    expect(source?.mapping).toEqual({ fields: { service: { always: 'Hourly' } }, consent: null });

    await world.slack.click(U_MARIA, { message: await rescue(U_MARIA, 'webhooks google') }, 'Retry 1 parked: google');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_MARIA).find(({ text }) => text.startsWith('1 webhook is in line again.')),
      'the list after the retry',
    );
    await world.rooms.sourceLeads.retry();
    const { entries } = await world.rooms.webhookDesk.list(world.maria, { kind: 'google' }, 10);
    expect(entries.map(({ state, about }) => [state, about])).toEqual([
      ['done', 'lead'],
      ['done', 'test'],
    ]);
  });

  test('admins may look inside, which is written down; others may not, and nobody sees another business’s', async () => {
    expect(visibleText(await press('webhooks google', 'Look'))).toContain('bo@example.com');
    const [seen] = await world.database.db.system.query<{ n: number }>(
      `select count(*) as n from events where type = 'webhook.seen'`,
    );
    expect(seen?.n).toBe(1);
    const { webhookDesk } = world.rooms;
    const { entries } = await webhookDesk.list(world.admin, {}, 10);
    const id = entries[0]?.id ?? '';
    await expect(webhookDesk.open(world.maria, id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(webhookDesk.list(world.sofia, {}, 10)).rejects.toMatchObject({ code: 'forbidden' });
    const other = await world.rooms.tenants.ensure(
      { name: 'Other', slackTeamId: 'T0OTHER', country: 'US', zone: 'America/New_York', language: 'en' },
      'test',
    );
    const stranger = { ...world.admin, tenantId: other.id };
    expect((await webhookDesk.list(stranger, {}, 10)).entries).toEqual([]);
    expect(await webhookDesk.open(stranger, id)).toBeUndefined();
    await world.rooms.webhooks.park(id, 'failed');
    expect(await webhookDesk.retryAll(stranger)).toBe(0);
    expect(await webhookDesk.retry(world.maria, id)).toBe(true);
  });

  test('what is parked can be looked into, and what is done or refused taken in again, which does nothing twice', async () => {
    const { webhooks, webhookDesk, sourceLeads } = world.rooms;
    const stateOf = async (id: string) =>
      (await webhookDesk.list(world.maria, {}, 20)).entries.find((entry) => entry.id === id)?.state;
    const { entries } = await webhookDesk.list(world.maria, { kind: 'google' }, 10);
    const lead = entries.find(({ about }) => about === 'lead')?.id ?? '';
    await sourceLeads.retry();
    expect(await stateOf(lead)).toBe('done');
    const leads = async () => (await world.database.db.system.query('select id from leads')).length;
    const before = await leads();

    const look = await press('webhooks google', 'Look');
    expect(visibleText(look)).toContain('Take it in again');
    await world.slack.click(U_ADMIN, { view: look }, 'Take it in again');
    await world.slack.waitFor(
      () => world.slack.stack(U_ADMIN).find((open) => visibleText(open).includes('It is in line again.')),
      'the window that says so',
    );
    expect(await stateOf(lead)).toBe('waiting');
    await sourceLeads.retry();
    expect([await stateOf(lead), await leads()]).toEqual(['done', before]);

    await webhooks.park(lead, 'failed');
    const parked = await rescue(U_ADMIN, 'webhooks parked');
    expect(visibleText(parked)).toContain('Retry');
    expect(visibleText(await (await world.slack.click(U_ADMIN, { message: parked }, 'Look')).modal())).toContain(
      'bo@example.com',
    );
    await webhooks.refuse(lead, 'invalid: service');
    expect(visibleText(await rescue(U_MARIA, 'webhooks refused'))).toContain('Retry');
    expect(await webhookDesk.retry(world.maria, lead)).toBe(true);
    await sourceLeads.retry();
    expect([await stateOf(lead), await leads()]).toEqual(['done', before]);

    await webhooks.done(lead, { empty: true });
    expect(await webhookDesk.retry(world.maria, lead)).toBe(false);
  });

  test('a filter that fits nothing says what there is; pages go on where the last one ended', async () => {
    expect((await rescue(U_ADMIN, 'webhooks sms')).text).toContain('Kinds that came: google.');
    expect((await rescue(U_SOFIA, 'webhooks')).text).toContain('Only managers and admins');
    for (let at = 0; at < 15; at++) await keep(`more-${at}`, { is_test: true });
    const { entries } = await world.rooms.webhookDesk.list(world.maria, {}, 100);
    const first = await world.rooms.webhookDesk.list(world.maria, {}, 12);
    const last = first.entries.at(-1);
    const next = await world.rooms.webhookDesk.list(
      world.maria,
      { before: { at: last?.at ?? '', id: last?.id ?? '' } },
      12,
    );
    expect([...first.entries, ...next.entries].map(({ id }) => id)).toEqual(entries.map(({ id }) => id));
    await world.slack.click(U_ADMIN, { message: await rescue(U_ADMIN, 'webhooks') }, 'Older');
  });
});
