import { createHmac, createSign, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SourcePort } from '../../../src/inbox/index.ts';
import { createMetaStandIn, type MetaLead, type MetaStandIn } from '../../../src/sandbox/meta/index.ts';
import { type LeadSource, mappingSchema, type SourceKind, type Staff } from '../../../src/tenants/index.ts';
import { createGoHighLevel } from '../../../src/vendors/gohighlevel/index.ts';
import { googleLeads } from '../../../src/vendors/google/index.ts';
import { createMetaLeads, verifySignature } from '../../../src/vendors/meta/index.ts';
import { openEdge, type TestEdge } from './open-edge.ts';

const APP_SECRET = 'app_secret';
const VERIFY_TOKEN = 'verify-me-please';
const PAGE = { id: '153125381133', name: 'Northline', token: 'page-token-1' };
const NO_ADS = { id: '153125381134', name: 'Southline', token: 'page-token-2', noAds: true } as const;
const LOCATION = 've9EPM428h8vShlRW1KT';
const ed25519 = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });

let edge: TestEdge;
let boss: Staff;
let meta: MetaStandIn;
let ports: { meta: ReturnType<typeof createMetaLeads>; ghl: ReturnType<typeof createGoHighLevel> };
beforeAll(async () => {
  meta = createMetaStandIn({ appSecret: APP_SECRET, pages: [PAGE, NO_ADS] });
  const { graphUrl } = await meta.start();
  ports = { meta: createMetaLeads({ appSecret: APP_SECRET, graphUrl, timeoutMs: 1500 }), ghl: createGoHighLevel({}) };
  const sourcePorts = new Map<SourceKind, SourcePort>([
    ['google', googleLeads],
    ['meta', ports.meta],
    ['gohighlevel', ports.ghl],
  ]);
  const gohighlevel = { ed25519: ed25519.publicKey, rsa: rsa.publicKey };
  const signedBy = { meta: { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN }, gohighlevel };
  edge = await openEdge(() => ({ signedBy }), { sourcePorts });
  boss = await edge.world.hire('Maria Berg', 'admin');
});
afterAll(async () => {
  await edge.close();
  await Promise.all([ports.meta.close(), ports.ghl.close()]);
  await meta.stop();
});

const count = async (sql: string, ...values: unknown[]) =>
  (await edge.value<number>(`select count(*) as n ${sql}`, values)) ?? 0;
const leads = (source: string) => count('from leads where source = $1', source);
const retry = () => edge.world.rooms.sourceLeads.retry();
/** What waits for its next try is due now. */
const due = () => edge.world.database.db.system.query(`update webhook_log set next_at = now() where state = 'stored'`);
const state = (kind: string, like: string) =>
  edge.world.database.db.system
    .query<{ state: string; error: string | null; about: string }>(
      'select state, error, about from webhook_log where source = $1 and external_id like $2',
      [kind, `%${like}%`],
    )
    .then(([row]) => row);
const connect = async (kind: SourceKind, account = '', secrets = {}) =>
  edge.world.rooms.leadSources.connect(boss, {
    kind,
    name: `My ${kind}`,
    playbook: 'corporate-travel',
    account,
    secrets,
  });

describe('Google lead forms', () => {
  let key: string;
  let source: LeadSource;
  beforeAll(async () => {
    const made = await connect('google');
    ({ source } = made);
    key = made.key ?? '';
  });
  /** As Google's page has it. */
  const body = (changes: object = {}) => ({
    lead_id: 'TeSter-123-ABC',
    api_version: '1.0',
    form_id: 40000000000,
    google_key: key,
    is_test: false,
    gcl_id: 'TeSter-gclid',
    user_column_data: [
      { column_name: 'Full Name', string_value: 'FirstName LastName', column_id: 'FULL_NAME' },
      { string_value: '+15551234567', column_id: 'PHONE_NUMBER' },
      { column_name: 'User Email', string_value: 'test@example.com', column_id: 'EMAIL' },
      { string_value: 'Wedding', column_id: 'what_is_it' },
    ],
    ...changes,
  });
  const post = (payload: object | string) =>
    fetch(`${edge.origin}/webhooks/google-leads`, {
      method: 'POST',
      body: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });

  test('a test lead is answered 200 and shown, and makes no lead', async () => {
    const answer = await post(body({ is_test: true }));
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    await retry();
    expect(await leads('google')).toBe(0);
    expect(await state('google', 'TeSter')).toMatchObject({ state: 'done', about: 'test' });
    const [shown] = await edge.world.rooms.leadSources.list(boss.tenantId);
    expect(shown).toMatchObject({ testedAt: expect.any(Date), usedAt: null });
  });

  test('delivered many times, also at once, it is one lead, without a consent that nobody gave', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body())));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    await Promise.all([retry(), retry(), retry()]);
    expect((await post(body())).status).toBe(200);
    await retry();
    expect(await leads('google')).toBe(1);
    const [lead] = await edge.world.database.db.system.query<{ id: string; name: string }>(
      `select l.id, p.name from leads l join persons p on p.id = l.person_id where l.source = 'google'`,
    );
    expect(lead?.name).toBe('FirstName LastName');
    expect(await count('from consents where lead_id = $1', lead?.id)).toBe(0);
    const planned = `select string_agg(step_key, ' ') from messages where lead_id = $1`;
    expect(await edge.value(planned, [lead?.id])).toBe('day_0');
    const seen = (await edge.world.rooms.leadSources.byId(source.id))?.seen;
    expect(seen).toContain('what_is_it');
  });

  test('a field that nobody has explained waits until somebody has, and then becomes a lead', async () => {
    const { rooms } = edge.world;
    await rooms.leadSources.map(boss, source.id, {
      playbook: 'corporate-travel',
      mapping: mappingSchema.parse({ fields: { service: { from: 'FULL_NAME' } } }),
    });
    const columns = [
      { column_id: 'FULL_NAME', string_value: 'Bo Ek' },
      { column_id: 'EMAIL', string_value: 'bo@example.com' },
      { column_id: 'what_is_it', string_value: 'Wedding' },
      { column_id: 'agreed', string_value: 'Yes' },
    ];
    await post(body({ lead_id: 'second', user_column_data: columns }));
    await retry();
    expect(await state('google', 'second')).toMatchObject({ state: 'parked', error: 'invalid: service' });
    const words = 'Nordic Motors may write to me by e-mail and SMS.';
    await rooms.leadSources.map(boss, source.id, {
      playbook: 'corporate-travel',
      mapping: mappingSchema.parse({
        fields: { service: { from: 'what_is_it' }, city: { always: 'Malmö' } },
        consent: { from: 'agreed', words },
      }),
    });
    expect(await rooms.webhooks.decideParked(boss.tenantId, 'retried')).toBe(1);
    await retry();
    const lead = await edge.value<{ id: string; fields: object }>(
      `select jsonb_build_object('id', id, 'fields', fields) from leads where source_key = 'second'`,
    );
    expect(lead?.fields).toEqual({ service: 'wedding', city: 'Malmö' });
    const consent = `select text || '|' || array_to_string(channels, ',') from consents where lead_id = $1`;
    expect(await edge.value(consent, [lead?.id])).toBe(`${words}|sms,email`);
  });

  test('a wrong key, a key of something else, and what is no lead have no effect', async () => {
    const stored = await count('from webhook_log');
    const { key: formKey } = await edge.world.rooms.forms.make(boss, { name: 'F', playbook: 'corporate-travel' });
    for (const wrong of ['', 'nope', 'lrs_x', formKey])
      expect((await post(body({ google_key: wrong }))).status).toBe(403);
    expect((await post('{')).status).toBe(400);
    expect((await post({ google_key: key })).status).toBe(400);
    const { message } = (await (await post(body({ google_key: 'x' }))).json()) as { message: string };
    expect(message).toContain('/rescue forms');
    expect(await count('from webhook_log')).toBe(stored);
    expect((await post({ ...body({ lead_id: 'third', google_key: undefined }), Google_key: key })).status).toBe(200);
    await edge.world.rooms.leadSources.remove(boss, source.id);
    expect((await post(body({ lead_id: 'fourth' }))).status).toBe(403);
  });
});

describe('Meta lead ads', () => {
  const webhook = () => `${edge.origin}/webhooks/meta`;
  let ids = 123_123_123_125_550_000n;
  const someone = (changes: Partial<MetaLead> = {}): MetaLead => {
    ids++;
    const answers = {
      full_name: 'Åsa Öst',
      email: `meta${ids}@example.com`,
      phone_number: `+1555${String(ids).slice(-7)}`,
    };
    return { id: String(ids), pageId: PAGE.id, answers, ...changes };
  };

  test('the question that Meta asks', async () => {
    const ask = (token: string) =>
      fetch(`${webhook()}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`);
    expect(await (await ask(VERIFY_TOKEN)).text()).toBe('1158201444');
    expect((await ask('another')).status).toBe(403);
  });

  test('the signature is over the bytes', async () => {
    const vector = 'sha256=22d3988d1017c437ea81a89d41e2d3266c00a508cffdb23f8ad8746d232d77e9';
    const body = Buffer.from('{"object":"page","entry":[]}');
    expect(verifySignature(APP_SECRET, body, vector)).toBe(true);
    expect(verifySignature(APP_SECRET, Buffer.from('{"object": "page","entry":[]}'), vector)).toBe(false);
    const stored = await count('from webhook_log');
    expect((await meta.notify(webhook(), [someone()], { appSecret: 'wrong' })).status).toBe(403);
    expect((await fetch(webhook(), { method: 'POST', body })).status).toBe(403);
    const sha1 = `sha1=${createHmac('sha1', APP_SECRET).update(body).digest('hex')}`;
    expect((await fetch(webhook(), { method: 'POST', body, headers: { 'x-hub-signature': sha1 } })).status).toBe(403);
    expect(await count('from webhook_log')).toBe(stored);
  });

  test('a lead that came before the page was connected is kept, and is a lead once it is', async () => {
    const early = someone();
    meta.fill(early);
    expect((await meta.notify(webhook(), [early])).status).toBe(200);
    await retry();
    expect(await state('meta', early.id)).toMatchObject({ state: 'parked', error: 'not_connected' });
    await expect(ports.meta.prove?.({ token: 'nope' })).rejects.toMatchObject({ code: 'misconfigured' });
    const proven = await ports.meta.prove?.({ token: PAGE.token });
    expect(proven).toEqual({ account: PAGE.id, name: PAGE.name });
    expect(meta.subscribed.has(PAGE.id)).toBe(true);
    const { source } = await connect('meta', PAGE.id, { token: PAGE.token });
    const words = 'I agree to e-mails and SMS of Northline.';
    const mapping = mappingSchema.parse({ consent: { from: 'checkbox_1', words } });
    await edge.world.rooms.leadSources.map(boss, source.id, { playbook: 'corporate-travel', mapping });
    await edge.world.rooms.webhooks.decideParked(boss.tenantId, 'retried');
    await retry();
    expect(await count(`from leads where source = 'meta' and source_key = $1`, early.id)).toBe(1);
    const sealed = await edge.value<Buffer>('select sealed from lead_sources where id = $1', [source.id]);
    expect(sealed?.toString('latin1')).not.toContain(PAGE.token);
  });

  test('a batch makes all of its leads, twice makes none twice; a ticked box is a consent, one that is not is none', async () => {
    const batch = [someone({ boxes: { checkbox_1: true } }), someone({ boxes: { checkbox_1: false } })].map(
      (each, at) => ({
        ...each,
        answers: { ...each.answers, phone_number: `+1555123000${at + 1}` },
      }),
    );
    for (const lead of batch) meta.fill(lead);
    const answers = await Promise.all([meta.notify(webhook(), batch), meta.notify(webhook(), batch)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await retry();
    await meta.notify(webhook(), batch);
    await retry();
    const keys = batch.map(({ id }) => id);
    expect(await count(`from leads where source = 'meta' and source_key = any($1)`, keys)).toBe(2);
    const agreed = `select l.source_key from consents c join leads l on l.id = c.lead_id where l.source_key = any($1)`;
    expect(await edge.value(agreed, [keys])).toBe(keys[0]);
  });

  test('what fails waits by itself, or for somebody, and nothing is lost', async () => {
    const lead = someone();
    meta.fill(lead);
    await meta.notify(webhook(), [lead]);
    meta.misbehave('silence');
    await retry();
    expect(await state('meta', lead.id)).toMatchObject({ state: 'stored', error: 'no_answer' });
    meta.misbehave(613);
    await due();
    await retry();
    expect(await state('meta', lead.id)).toMatchObject({ state: 'stored', error: 'meta_613' });
    meta.misbehave(190);
    await due();
    await retry();
    expect(await state('meta', lead.id)).toMatchObject({ state: 'parked', error: 'token_expired' });
    meta.misbehave(null);
    await edge.world.rooms.webhooks.decideParked(boss.tenantId, 'retried');
    await retry();
    expect(await state('meta', lead.id)).toMatchObject({ state: 'done', error: null, about: 'lead' });
    expect(await count(`from leads where source_key = $1`, lead.id)).toBe(1);
  });

  test('is kept as it came, and brings the names of its ad, where the token may read them', async () => {
    const { rooms } = edge.world;
    const ad = { campaign_name: 'Autumn', ad_name: 'Limo, red', platform: 'ig' };
    const lead = someone({ ad });
    meta.fill(lead);
    await meta.notify(webhook(), [lead, someone()]);
    const id = await edge.value<string>('select id from webhook_log where external_id = $1', [lead.id]);
    const kept = JSON.parse((await rooms.webhooks.body(id ?? ''))?.raw ?? '');
    expect(kept).toMatchObject({ object: 'page', entry: [{ changes: [{ value: { leadgen_id: lead.id } }] }] });
    expect(kept.entry).toHaveLength(1);
    await retry();
    const [source] = (await rooms.leadSources.list(boss.tenantId)).filter(({ kind }) => kind === 'meta');
    expect(source?.seen).toEqual(expect.arrayContaining(['full_name', 'campaign_name', 'ad_name', 'platform']));

    const raw = (await rooms.webhooks.body(id ?? ''))?.raw ?? '';
    const read = await ports.meta.read(raw, { token: PAGE.token });
    expect(read).toMatchObject({
      kind: 'lead',
      lead: { fields: expect.arrayContaining([{ name: 'ad_name', value: 'Limo, red' }]) },
    });
    const other = someone({ pageId: NO_ADS.id, ad });
    meta.fill(other);
    const older = JSON.stringify({ leadId: other.id });
    const without = await ports.meta.read(older, { token: NO_ADS.token });
    expect(without).toMatchObject({ kind: 'lead', lead: { id: other.id } });
    expect(JSON.stringify(without)).not.toContain('Autumn');
  });

  test('a lead of the testing tool makes none', async () => {
    const lead = someone({ answers: { full_name: '<test lead: dummy data for full_name>', email: 'test@meta.com' } });
    meta.fill(lead);
    await meta.notify(webhook(), [lead]);
    await retry();
    expect(await state('meta', lead.id)).toMatchObject({ state: 'done', about: 'test' });
  });

  test('a page belongs to whoever connected it first', async () => {
    const other = await edge.world.rooms.tenants.ensure(
      { name: 'Other', slackTeamId: 'T0OTHER', country: 'US', zone: 'America/New_York', language: 'en' },
      'test',
    );
    const profile = { slackUserId: 'U0OTHER', name: 'Eve', zone: null, fullMember: true };
    const eve = { ...(await edge.world.rooms.staff.remember(other.id, profile)), role: 'admin' as const };
    const wanted = { kind: 'meta', name: 'Mine', playbook: 'corporate-travel', account: PAGE.id, secrets: {} } as const;
    await expect(edge.world.rooms.leadSources.connect(eve, wanted)).rejects.toMatchObject({ code: 'conflict' });
    const again = await connect('meta', PAGE.id, { token: PAGE.token });
    expect(await count(`from lead_sources where kind = 'meta' and revoked_at is null`)).toBe(1);
    expect(again.source.mapping.consent).not.toBeNull();
  });
});

describe('GoHighLevel', () => {
  const contact = (changes: object = {}) =>
    JSON.stringify({
      type: 'ContactCreate',
      timestamp: new Date().toISOString(),
      webhookId: 'abc123xyz',
      locationId: LOCATION,
      id: 'nmFmQEsNgz6AVpgLVUJ0',
      firstName: 'John',
      lastName: 'Déo',
      name: 'John Déo',
      email: 'john@example.com',
      phone: '+19195550111',
      companyName: 'Acme',
      city: 'Dolomite',
      country: 'US',
      dnd: false,
      tags: ['hot'],
      attachments: [],
      customFields: [
        { id: 'BcdmQEsNgz6AVpgLVUJ0', value: 'Airport' },
        { id: 'x', value: { a: 1 } },
      ],
      ...changes,
    });
  const current = (body: string) => ({
    'x-ghl-signature': sign(null, Buffer.from(body), ed25519.privateKey).toString('base64'),
  });
  const older = (body: string) => ({
    'x-wh-signature': createSign('SHA256').update(body).sign(rsa.privateKey, 'base64'),
  });
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${edge.origin}/webhooks/gohighlevel`, { method: 'POST', body, headers });

  test('a new contact of a connected location becomes a lead, once, known by its id', async () => {
    const { source } = await connect('gohighlevel', LOCATION, { token: 't' });
    const mapping = mappingSchema.parse({ fields: { service: { from: 'BcdmQEsNgz6AVpgLVUJ0' } } });
    await edge.world.rooms.leadSources.map(boss, source.id, { playbook: 'corporate-travel', mapping });
    const body = contact();
    expect((await post(body, current(body))).status).toBe(200);
    expect((await post(body, older(body))).status).toBe(200);
    await retry();
    const alias = contact({ type: 'contact.created', webhookId: 'another' });
    expect((await post(alias, { ...older(alias), 'x-ghl-signature': 'N/A' })).status).toBe(200);
    await retry();
    expect(await leads('gohighlevel')).toBe(1);
    expect(await edge.value(`select fields->>'service' from leads where source = 'gohighlevel'`)).toBe('airport');
    expect(await count(`from external_ids where system = 'gohighlevel' and external_id = 'nmFmQEsNgz6AVpgLVUJ0'`)).toBe(
      1,
    );
  });

  test('that was answered 429 and comes again after ten minutes is taken; one without an id of its own is not', async () => {
    const timestamp = new Date(Date.now() - 61 * 60_000).toISOString();
    const late = contact({
      webhookId: 'late',
      timestamp,
      id: 'late',
      email: 'late@example.com',
      phone: '+19195550112',
    });
    expect((await post(late, current(late))).status).toBe(200);
    await retry();
    expect(await state('gohighlevel', 'late')).toMatchObject({ state: 'done', about: 'lead' });
    const nameless = contact({ webhookId: undefined, timestamp, id: 'nameless' });
    expect((await post(nameless, current(nameless))).status).toBe(403);
    expect(await leads('gohighlevel')).toBe(2);
  });

  test('signed by nobody, for other bytes, or long ago it has no effect', async () => {
    const stored = await count('from webhook_log');
    const body = contact({ webhookId: 'bad' });
    expect((await post(body, {})).status).toBe(403);
    expect((await post(`${body} `, current(body))).status).toBe(403);
    expect((await post(body, { 'x-ghl-signature': 'AAAA', ...older(body) })).status).toBe(403);
    const old = contact({ webhookId: 'old', timestamp: '2026-01-28T14:35:00Z' });
    expect((await post(old, current(old))).status).toBe(403);
    expect(await count('from webhook_log')).toBe(stored);
  });

  test('other events are acknowledged; who wants no messages is no lead; an unknown location waits', async () => {
    const deleted = contact({ type: 'ContactDelete', webhookId: 'deleted' });
    expect((await post(deleted, current(deleted))).status).toBe(200);
    const silent = contact({ webhookId: 'silent', id: 'silent', dnd: true, email: 'no@example.com', phone: '' });
    expect((await post(silent, current(silent))).status).toBe(200);
    const strange = contact({ webhookId: 'strange', locationId: 'elsewhere' });
    expect((await post(strange, current(strange))).status).toBe(200);
    await retry();
    expect(await state('gohighlevel', 'deleted')).toMatchObject({ state: 'done', error: null, about: 'ignored' });
    expect(await state('gohighlevel', 'silent')).toMatchObject({ state: 'done', about: 'do_not_disturb' });
    expect(await state('gohighlevel', 'strange')).toMatchObject({ state: 'parked', error: 'not_connected' });
    expect(await leads('gohighlevel')).toBe(2);
  });
});
