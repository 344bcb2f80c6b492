import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSignIns } from '../../../src/access/index.ts';
import { newId } from '../../../src/lib/ids.ts';
import { isPublicAddress } from '../../../src/vendors/hooks/addresses.ts';
import { createHookSender } from '../../../src/vendors/hooks/index.ts';
import { type Client, lead, openApi, type TestApi } from './open-api.ts';

let api: TestApi;
let admin: Client;
beforeAll(async () => {
  api = await openApi();
  admin = await api.client('admin');
});
afterAll(() => api.close());

const makeKey = async () => {
  const { key, words } = await api.edge.world.rooms.apiKeys.make(api.admin, {
    name: newId().slice(-12),
    role: 'manager',
  });
  return { id: key.id, words };
};
const exchange = (body: object) => api.ask('POST', '/tokens', body);
const whoAmI = (token: unknown) => api.ask('GET', '/me', undefined, { authorization: `Bearer ${token}` });

describe('signing in', () => {
  test('an access token ends after fifteen minutes, a refresh token after seven days', async () => {
    let at = Date.now();
    const clock = { now: () => new Date(at), machine: () => at };
    const signIns = createSignIns({ db: api.edge.world.database.db, clock, key: Buffer.alloc(32, 3) });
    const { words } = await makeKey();
    const first = await signIns.withKey(words);
    at += 14 * 60_000;
    expect((await signIns.caller(first.accessToken)).key.role).toBe('manager');
    at += 61_000;
    await expect(signIns.caller(first.accessToken)).rejects.toThrow('wrong token');
    at += 6 * 86_400_000;
    const second = await signIns.refresh(first.refreshToken);
    await signIns.caller(second.accessToken);
    at += 7 * 86_400_000 + 1000;
    await expect(signIns.refresh(second.refreshToken)).rejects.toThrow('wrong token');
  });

  test('a refresh token shown twice revokes every token of the sign-in', async () => {
    const { words, id } = await makeKey();
    const first = (await exchange({ apiKey: words })).body;
    const second = (await exchange({ refreshToken: first.refreshToken })).body;
    expect((await whoAmI(second.accessToken)).status).toBe(200);
    expect((await exchange({ refreshToken: first.refreshToken })).status).toBe(401);
    expect((await whoAmI(second.accessToken)).status).toBe(401);
    expect((await exchange({ refreshToken: second.refreshToken })).status).toBe(401);
    const type = await api.edge.value(`select type from events where data->>'keyId' = $1 order by id desc limit 1`, [
      id,
    ]);
    expect(type).toBe('api.sign_in_revoked');
  });

  test('an access token is no refresh token, and nobody else’s signature counts', async () => {
    const { words } = await makeKey();
    const { accessToken, refreshToken } = (await exchange({ apiKey: words })).body;
    expect((await exchange({ refreshToken: accessToken })).status).toBe(401);
    expect((await whoAmI(refreshToken)).status).toBe(401);
    const [head, body] = String(accessToken).split('.');
    expect((await whoAmI(`${head}.${body}.${'A'.repeat(43)}`)).status).toBe(401);
    expect((await whoAmI(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`)).status).toBe(401);
  });

  test('five wrong secrets lock a key, to the right one too, until it is opened', async () => {
    const { words, id } = await makeKey();
    const wrong = words.slice(0, -4) + (words.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    const statuses = [];
    for (let tries = 0; tries < 5; tries++) statuses.push((await exchange({ apiKey: wrong })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 423]);
    const locked = await exchange({ apiKey: words });
    expect([locked.status, Number(locked.headers.get('retry-after')) > 800]).toEqual([423, true]);
    await api.edge.world.rooms.apiKeys.unlock(api.admin, id);
    expect((await exchange({ apiKey: words })).status).toBe(200);
  });

  test('a revoked key and a sign-out end tokens at once', async () => {
    const { words, id } = await makeKey();
    const { accessToken } = (await exchange({ apiKey: words })).body;
    const authorization = `Bearer ${accessToken}`;
    expect((await api.ask('DELETE', '/tokens', undefined, { authorization })).status).toBe(204);
    expect((await whoAmI(accessToken)).status).toBe(401);
    const again = (await exchange({ apiKey: words })).body.accessToken;
    await api.edge.world.rooms.apiKeys.revoke(api.admin, id);
    expect((await whoAmI(again)).status).toBe(401);
    expect((await exchange({ apiKey: words })).status).toBe(401);
  });
});

describe('asking again', () => {
  const key = (text: string) => ({ 'idempotency-key': text });

  test('with the same key and request is answered as before, and does nothing again', async () => {
    const body = lead({ phone: '+46709990001', email: '' });
    const [first, second] = [
      await admin.call('POST', '/leads', body, key('a')),
      await admin.call('POST', '/leads', body, key('a')),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    const events = await api.edge.value(`select count(*) from events where lead_id = $1 and type like 'lead.%'`, [
      first.body.id,
    ]);
    expect(events).toBe(1);
  });

  test('with another request under the same key is refused', async () => {
    await admin.call('POST', '/leads', lead({ phone: '+46709990002', email: '' }), key('b'));
    expect((await admin.call('POST', '/leads', lead({ phone: '+46709990003', email: '' }), key('b'))).status).toBe(422);
  });

  test('after a refusal is a new try', async () => {
    expect((await admin.call('POST', '/leads', lead({ phone: 'none' }), key('c'))).status).toBe(400);
    expect((await admin.call('POST', '/leads', lead({ phone: 'none' }), key('c'))).status).toBe(400);
  });

  test('at the same moment does it once', async () => {
    const body = { text: 'En gång räcker.' };
    const { id } = (await admin.call('POST', '/leads', lead({ phone: '+46709990004', email: '' }))).body;
    const said = await Promise.all([1, 2, 3].map(() => admin.call('POST', `/leads/${id}/messages`, body, key('d'))));
    expect(said.map(({ status }) => status).filter((status) => status !== 202 && status !== 409)).toEqual([]);
    expect(await api.edge.value(`select count(*) from messages where lead_id = $1 and purpose = 'reply'`, [id])).toBe(
      1,
    );
  });

  test('when a process died in between finds what was done', async () => {
    const body = lead({ phone: '+46709990005', email: '' });
    const first = await admin.call('POST', '/leads', body, key('e'));
    await api.edge.value(
      `update api_answers set answer = null, status = null, lease_until = clock_timestamp() - interval '1 second' where idempotency_key = 'e' returning 1`,
    );
    expect((await admin.call('POST', '/leads', body, key('e'))).body).toEqual(first.body);
  });
});

describe('finding leads', () => {
  const names = async (query: string) =>
    ((await admin.call('GET', `/leads?${query}`)).body.data ?? []).map(({ name }) => name);

  test('by words of the name and the car, by mailbox, by any form of the number, and by what is there', async () => {
    await admin.call(
      'POST',
      '/leads',
      lead({ name: 'Zoë Quist', phone: '+46705550101', email: 'zoe@quist.example', fields: { car: 'Polestar 4' } }),
    );
    for (const search of [
      'zoe',
      'QUIST',
      'polest',
      'zoe@quist.example',
      '070-555 01 01',
      '+46705550101',
      'quist polestar',
    ]) {
      expect([search, await names(`search=${encodeURIComponent(search)}`)]).toEqual([search, ['Zoë Quist']]);
    }
    expect(await names('search=nobody')).toEqual([]);
    expect(await names('search=zoe&hasEmail=false')).toEqual([]);
    expect(await names('search=zoe&hasPhone=true&strategy=test-drive&source=api')).toEqual(['Zoë Quist']);
    expect(await names('search=zoe&from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z')).toEqual([]);
    expect(await names('search=zoe&qualified=true')).toEqual([]);
  });

  test('by what is known of each: two enquiries of one person have a state of their own', async () => {
    const both = [];
    for (const playbook of ['test-drive', 'home-services']) {
      const fields = playbook === 'test-drive' ? { car: 'BMW X5' } : { service: 'Roof' };
      const made = await admin.call(
        'POST',
        '/leads',
        lead({ name: 'Two Wishes', phone: '+46705550102', email: '', playbook, fields }),
      );
      both.push(made.body.id);
    }
    const [older, newer] = both;
    const state = async (id: unknown) => (await admin.call('GET', `/leads/${id}/conversation-state`)).body;
    const noted = { qualified: true, budget: '300 000 kr' };
    expect((await admin.call('PATCH', `/leads/${older}/conversation-state`, noted)).body).toMatchObject(noted);
    expect(await state(older)).toMatchObject(noted);
    expect(await state(newer)).toMatchObject({ qualified: null, budget: null });
    await admin.call('PATCH', `/leads/${newer}/conversation-state`, { qualified: false });
    expect(await state(older)).toMatchObject(noted);
    const qualified = async (wanted: boolean) =>
      ((await admin.call('GET', `/leads?search=wishes&qualified=${wanted}`)).body.data ?? []).map(({ id }) => id);
    expect(await qualified(true)).toEqual([older]);
    expect(await qualified(false)).toEqual([newer]);
    expect((await admin.call('GET', `/leads/${newer}`)).body.qualified).toBe(false);
  });

  test('a cursor that was tampered with is refused, and does not begin anew', async () => {
    const { body } = await admin.call('POST', '/leads', lead({ name: 'Cora Cut', email: 'cora@example.com' }));
    const id = '01938a5e-7c1d-7a3b-9f6e-2d4c5b6a7980';
    for (const place of [['no day', id], ['2026-13-45', id], [id]]) {
      const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
      expect((await admin.call('GET', `/leads/${body.id}/messages?cursor=${cursor}`)).status).toBe(400);
    }
  });

  test('page by page, each once', async () => {
    const seen: unknown[] = [];
    for (let cursor: unknown = ''; cursor !== null; ) {
      const { body } = await admin.call('GET', `/leads?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...(body.data ?? []).map(({ id }) => id));
      cursor = body.next;
    }
    expect(seen.length).toBe(await api.edge.value('select count(*) from leads'));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('as a file, which is written down', async () => {
    const { body, headers } = await admin.call('GET', '/leads/export?search=zoe');
    expect(headers.get('content-disposition')).toContain('leads.csv');
    expect(String(body.text)).toContain("Zoë Quist,'+46705550101,zoe@quist.example");
    const told = await api.edge.value(`select data from events where type = 'leads.exported' order by id desc limit 1`);
    expect(told).toEqual({ leads: 1 });
  });
});

describe('limits', () => {
  test('a key is told what is left to it', async () => {
    const { headers } = await admin.call('GET', '/me');
    expect([headers.get('ratelimit-limit'), Number(headers.get('ratelimit-remaining')) < 5000]).toEqual(['5000', true]);
    expect(Number(headers.get('ratelimit-reset'))).toBeLessThanOrEqual(60);
  });

  test('too many attempts to sign in are refused with the time to wait', async () => {
    let last = await exchange({ apiKey: 'x' });
    for (let tries = 0; tries < 60 && last.status !== 429; tries++) last = await exchange({ apiKey: 'x' });
    expect([last.status, last.body.code, Number(last.headers.get('retry-after')) > 0]).toEqual([
      429,
      'too_many_requests',
      true,
    ]);
  });
});

describe('addresses of webhooks', () => {
  const sender = createHookSender({ local: false });

  test.each([
    'http://example.com/x',
    'https://127.0.0.1/x',
    'https://localhost/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://2130706433/',
    'https://a:b@example.com/',
    'ftp://example.com',
    'nothing',
  ])('%s is never called', async (url) => {
    expect(sender.refuses(url)).toBeDefined();
    expect(await sender.post(url, {}, '{}')).toEqual({ kind: 'forbidden', code: 'address_forbidden' });
  });

  test('a public name that resolves to a private address is not called either', async () => {
    const resolve = ((_name: string, _options: unknown, done: (error: null, found: object[]) => void) =>
      done(null, [{ address: '10.0.0.5', family: 4 }])) as never;
    const fooled = createHookSender({ local: true, resolve });
    expect(await fooled.post('https://rebound.example/', {}, '{}')).toEqual({
      kind: 'forbidden',
      code: 'address_forbidden',
    });
  });

  test('what is public is public', () => {
    expect(['8.8.8.8', '2606:4700::1111', '172.32.0.1'].map(isPublicAddress)).toEqual([true, true, true]);
    expect(['100.64.0.1', '64:ff9b::a00:1', 'fe80::1', '2002:a00::1', ''].map(isPublicAddress)).toEqual(
      Array(5).fill(false),
    );
  });
});
