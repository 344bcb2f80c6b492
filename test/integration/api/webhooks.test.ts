import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHookLine, RETRY_SECONDS } from '../../../src/hooks/index.ts';
import { signatureOf } from '../../../src/hooks/sign.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { createHookSender } from '../../../src/vendors/hooks/index.ts';
import { until } from '../../support/until.ts';
import { type Client, lead, openApi, type TestApi } from './open-api.ts';

interface Heard {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

let api: TestApi;
let admin: Client;
let server: Server;
let url: string;
let status = 200;
let heard: Heard[] = [];
let at = Date.now();

beforeAll(async () => {
  api = await openApi();
  admin = await api.client('admin');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('x'.repeat(1000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await api.close();
});

/** Delivers what is due by the machine clock of the moment. */
const deliver = () =>
  createHookLine({
    db: api.edge.world.database.db,
    clock: { now: () => new Date(at), machine: () => at },
    log: createLogger('silent'),
    tenants: api.edge.world.rooms.tenants,
    sender: createHookSender({ local: true }),
  }).run();

test('an event reaches its webhook signed, without anything personal, once', async () => {
  const { body } = await admin.call('POST', '/webhooks', { url, events: ['lead.captured'] });
  const made = await admin.call('POST', '/leads', lead());
  at = Date.now() + 1000;
  await Promise.all([deliver(), deliver()]);
  await deliver();
  expect(heard).toHaveLength(1);
  const [first] = heard;
  const told = JSON.parse(first?.body ?? '');
  expect(told).toMatchObject({
    type: 'lead.captured',
    leadId: made.body.id,
    data: { playbook: 'test-drive', source: 'api' },
  });
  expect(first?.body).not.toMatch(/Öberg|volvo-fans|701112233/);
  expect(first?.headers).toMatchObject({ 'leadrescue-event': 'lead.captured', 'leadrescue-delivery': told.id });
  const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(first?.headers['leadrescue-signature'])) ?? [];
  expect(signature).toBe(createHmac('sha256', String(body.secret)).update(`${time}.${first?.body}`).digest('hex'));
  expect(Number(time)).toBe(Math.floor(at / 1000));
  await admin.call('DELETE', `/webhooks/${body.id}`);
});

test('what fails is tried again later and later, parked, and delivered when it is replayed', async () => {
  const { body } = await admin.call('POST', '/webhooks', { url, events: ['lead.amended'] });
  const made = await admin.call('POST', '/leads', lead({ phone: '+46701119988', email: '' }));
  heard = [];
  status = 302; // a redirect is not followed, and is no success
  await admin.call('PATCH', `/leads/${made.body.id}`, { fields: { car: 'Volvo EX90' } });
  at = Date.now() + 1000;
  await deliver();
  for (const [done, seconds] of RETRY_SECONDS.entries()) {
    await deliver(); // too early
    expect(heard).toHaveLength(done + 1);
    at += seconds * 1000 + 1;
    status = 500;
    await deliver();
  }
  const list = () => admin.call('GET', `/webhooks/${body.id}/deliveries`);
  const [parked] = (await list()).body.data ?? [];
  expect(parked).toMatchObject({ state: 'parked', attempts: 8, httpStatus: 500, type: 'lead.amended' });
  at += 100_000_000;
  await deliver();
  expect(heard).toHaveLength(8);
  const shown = (await admin.call('GET', '/integrations')).body.data;
  expect(shown).toContainEqual(expect.objectContaining({ kind: 'webhook', state: 'attention' }));

  status = 204;
  const replay = () => admin.call('POST', `/webhooks/${body.id}/deliveries/${parked?.id}/replay`);
  expect((await replay()).status).toBe(202);
  expect((await replay()).status).toBe(409);
  await deliver();
  expect(JSON.parse(heard.at(-1)?.body ?? '').id).toBe(parked?.id);
  expect((await list()).body.data?.[0]).toMatchObject({ state: 'delivered', attempts: 1, httpStatus: 204 });
});

test('an address that hangs takes no others’ places, and what waits for it is not tried one by one', async () => {
  await api.edge.world.database.db.system.query('delete from hooks'); // those of the tests before would hear of it
  let release = () => {};
  const hanging = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  const dead = createServer((_request, response) => {
    asked++;
    hanging.then(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => dead.listen(0, '127.0.0.1', resolve));
  const deadUrl = `http://127.0.0.1:${(dead.address() as AddressInfo).port}/hook`;
  const made = await admin.call('POST', '/leads', lead({ phone: '+46701119977', email: '' }));
  const bad = await admin.call('POST', '/webhooks', { url: deadUrl, events: ['lead.amended'] });
  for (let n = 0; n < 10; n++) await admin.call('PATCH', `/leads/${made.body.id}`, { fields: { car: `Volvo ${n}` } });
  const good = await admin.call('POST', '/webhooks', { url, events: ['lead.amended'] });
  for (let n = 0; n < 3; n++) await admin.call('PATCH', `/leads/${made.body.id}`, { fields: { car: `Saab ${n}` } });
  heard = [];
  status = 204;
  at = Date.now() + 1000;
  const running = deliver();
  await until(async () => heard.length === 3, 'the one that works hears all');
  expect(asked).toBe(2);
  release();
  await running;
  expect(asked).toBeLessThan(9); // three in a row, and those beside them
  const waiting = await admin.call('GET', `/webhooks/${bad.body.id}/deliveries?state=due&limit=50`);
  expect(waiting.body.data).toHaveLength(13);
  expect(waiting.body.data?.every(({ attempts }) => attempts === 1)).toBe(true);
  await deliver();
  expect(asked).toBeLessThan(9); // three in a row, and those beside them
  dead.closeAllConnections();
  dead.close();
  for (const { body } of [bad, good]) await admin.call('DELETE', `/webhooks/${body.id}`);
});

test('what is connected tells how it is doing: senders that rest and why, doors with what came last and what waits', async () => {
  const { rooms, database, tenant } = api.edge.world;
  const sql = database.db.system;
  const entry = async (name: string) =>
    (await admin.call('GET', '/integrations')).body.data?.find((each) => each.name === name);
  expect(await entry('meta')).toMatchObject({ kind: 'source', state: 'off', lastEventAt: null, parked: 0 });
  expect(await entry('sms')).toMatchObject({ kind: 'channel', state: 'ok' });

  await sql.query(
    `update accounts set rests_until = clock_timestamp() + interval '1 hour', rest_reason = 'credentials' where channel = 'sms'`,
  );
  const sms = await entry('sms');
  await sql.query('update accounts set rests_until = null, rest_reason = null');
  expect(sms).toMatchObject({
    state: 'attention',
    detail: expect.stringMatching(/rests until \d{4}-.*Z: credentials/),
  });

  const { source } = await rooms.leadSources.connect(api.admin, {
    ...{ kind: 'google', name: 'Autumn', playbook: 'corporate-travel', account: '', secrets: {} },
  });
  await rooms.leadSources.saw(source.id, 'lead', ['FULL_NAME']);
  await rooms.forms.make(api.admin, { name: 'Website', playbook: 'corporate-travel' });
  const { id } = await rooms.webhooks.store('google', 'stuck', { raw: '{}' }, { tenantId: tenant.id });
  await rooms.webhooks.park(id, 'invalid: service');
  expect(await entry('google')).toMatchObject({ state: 'attention', parked: 1, lastEventAt: expect.any(String) });
  expect((await entry('google'))?.detail).toContain('Autumn');
  expect(await entry('forms')).toMatchObject({ state: 'ok', detail: 'Website', lastEventAt: null });
});

test('what cannot be signed is parked as well, and nothing is sent', async () => {
  const sql = api.edge.world.database.db.system;
  await sql.query('delete from hooks'); // those of the tests before would hear of it
  const { body } = await admin.call('POST', '/webhooks', { url, events: ['lead.amended'] });
  await sql.query(`update hooks set secret = 'broken' where id = $1`, [body.id]);
  const made = await admin.call('POST', '/leads', lead({ phone: '+46701119977', email: '' }));
  heard = [];
  await admin.call('PATCH', `/leads/${made.body.id}`, { fields: { car: 'Volvo EX90' } });
  at = Math.max(at, Date.now()) + 1000;
  for (const seconds of [0, ...RETRY_SECONDS]) {
    at += seconds * 1000 + 1;
    await deliver();
  }
  const [parked] = await sql.query('select state, error from hook_deliveries where hook_id = $1', [body.id]);
  expect(parked).toEqual({ state: 'parked', error: 'internal' });
  expect(heard).toEqual([]);
});

test('the check that the page of the API shows takes what is ours, and nothing else', async () => {
  const page = await (await fetch(`${api.edge.origin}/api/v2/docs`)).text();
  const [, shown = ''] = /<pre>(import [^<]*function isOurs[^<]*)<\/pre>/.exec(page) ?? [];
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&#39;': "'", '&quot;': '"' };
  const code = shown.replace(/&(?:lt|gt|amp|#39|quot);/g, (entity) => entities[entity] ?? entity);
  const { isOurs } = await import(`data:text/javascript,${encodeURIComponent(`${code}\nexport { isOurs };`)}`);
  const body = '{"id":"å"}';
  const now = Date.now();
  expect(isOurs('whsec_a', signatureOf('whsec_a', now, body), body)).toBe(true);
  expect(isOurs('whsec_b', signatureOf('whsec_a', now, body), body)).toBe(false);
  expect(isOurs('whsec_a', signatureOf('whsec_a', now, body), `${body} `)).toBe(false);
  expect(isOurs('whsec_a', signatureOf('whsec_a', now - 3_600_000, body), body)).toBe(false);
  expect(isOurs('whsec_a', 'nonsense', body)).toBe(false);
});
