import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LeadId, newId } from '../../../src/lib/ids.ts';
import { type Client, lead, openApi, type TestApi } from './open-api.ts';

let api: TestApi;
let admin: Client;
beforeAll(async () => {
  api = await openApi({ all: 39 });
  admin = await api.client('admin');
});
afterAll(() => api.close());

const find = (id: string) => admin.call('GET', `/leads/custom/${id}`);

test('a lead is found by each id of your own, also one that was merged into it, and by no door’s own keys', async () => {
  const made = await admin.call('POST', '/leads', lead({ externalId: 'crm-1' }));
  const again = await admin.call('POST', '/leads', lead({ externalId: 'crm-2', fields: { car: 'Volvo EX90' } }));
  expect(again.body.id).toBe(made.body.id);
  for (const externalId of ['crm-1', 'crm-2']) {
    expect((await find(externalId)).body).toMatchObject({ id: made.body.id, externalId });
  }
  const form = (key: string, phone: string) =>
    fetch(`${api.edge.origin}/webhooks/form-submission`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ name: 'Jo Ek', email: 'jo@acme.io', phone }),
    });
  expect((await form('crm-1', '+46701239000')).status).toBe(202);
  expect((await find('crm-1')).body.id).toBe(made.body.id);
  const [formed] = (await admin.call('GET', '/leads?source=form')).body.data ?? [];
  expect(formed).toMatchObject({ source: 'form', externalId: null });
  const unnamed = await admin.call('POST', '/leads', lead({ phone: '+46701239001', email: '' }), {
    'idempotency-key': 'k-1',
  });
  expect((await admin.call('GET', `/leads/${unnamed.body.id}`)).body.externalId).toBeNull();
});

test('after a mailbox was changed the new one is shown and searched by, and the old one still finds', async () => {
  const email = 'first@volvo-fans.example';
  const { body } = await admin.call('POST', '/leads', lead({ phone: '+46701239002', email }));
  // it knows of us: it stays on record
  await api.edge.value(
    `update messages set attempt = 1, channel = 'email', state = 'sent', address_id = (select id from addresses where value = $2)
     where id = (select id from messages where lead_id = $1 limit 1) returning id`,
    [body.id, email],
  );
  await api.edge.world.rooms.amend(api.admin, body.id as LeadId, { person: { email: 'second@volvo-fans.example' } });
  expect((await admin.call('GET', `/leads/${body.id}`)).body.email).toBe('second@volvo-fans.example');
  for (const search of ['second@volvo-fans.example', email]) {
    expect((await admin.call('GET', `/leads?search=${search}`)).body.data).toHaveLength(1);
  }
});

test('between dates leads come by when they were captured, each once, page by page', async () => {
  const captured = ['2025-03-03', '2025-03-01', '2025-03-02', '2025-03-02', '2025-03-09'];
  const ids: string[] = [];
  for (const [n, day] of captured.entries()) {
    const { body } = await admin.call('POST', '/leads', lead({ phone: `+4670123920${n}`, email: '' }));
    await api.edge.value('update leads set captured_at = $2 where id = $1 returning id', [
      String(body.id),
      `${day}T10:00:00Z`,
    ]);
    ids.push(String(body.id));
  }
  const seen: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 4; pages++) {
    const { body } = await admin.call(
      'GET',
      `/leads?from=2025-03-01T00:00:00Z&to=2025-03-04T00:00:00Z&limit=1${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...(body.data ?? []).map(({ id }) => String(id)));
    cursor = String(body.next ?? '');
  }
  expect(cursor).toBe('');
  expect(seen).toEqual([ids[0], ids[3], ids[2], ids[1]]);

  // a cursor of before said nothing but the lead; today's holds also when that lead is gone
  const dated = '/leads?from=2025-03-01T00:00:00Z&to=2025-03-04T00:00:00Z';
  const idsAfter = async (place: unknown[]) => {
    const after = Buffer.from(JSON.stringify(place)).toString('base64url');
    const { body } = await admin.call('GET', `${dated}&cursor=${after}`);
    return (body.data ?? []).map(({ id }) => String(id));
  };
  expect(await idsAfter([ids[3]])).toEqual([ids[2], ids[1]]);
  const { body: first } = await admin.call('GET', `${dated}&limit=2`);
  const [at, id] = JSON.parse(Buffer.from(String(first.next), 'base64url').toString());
  expect([at, id]).toEqual(['2025-03-02T10:00:00.000Z', ids[3]]);
  expect(await idsAfter([at, id])).toEqual([ids[2], ids[1]]);
  expect(await idsAfter([at, newId()])).toEqual([ids[3], ids[2], ids[1]]);
  for (const bad of [
    ['yesterday', ids[3]],
    [ids[3], 'x'],
    ['2025-03-02T10:00:00Z', ids[3], ids[3]],
  ]) {
    const after = Buffer.from(JSON.stringify(bad)).toString('base64url');
    expect((await admin.call('GET', `${dated}&cursor=${after}`)).status).toBe(400);
  }
});

test('whoever has no key takes nothing of what all have together', async () => {
  const strangers = await Promise.all(Array.from({ length: 40 }, () => api.ask('GET', '/leads')));
  expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([401]));
  expect((await admin.call('GET', '/leads')).status).toBe(200);
});
