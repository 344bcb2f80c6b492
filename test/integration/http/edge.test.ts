import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type Response } from 'express';
import { KnownError } from '../../../src/lib/errors.ts';
import { createSandboxClock } from '../../../src/sandbox/clock.ts';
import { inboundForm } from '../../support/twilio.ts';
import { SMS_SENDER } from '../../support/world.ts';
import { jpeg, openEdge, type TestEdge } from './open-edge.ts';

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('the HTTP edge', () => {
  let edge: TestEdge;
  let healthy = true;
  const others = express();
  beforeAll(async () => {
    edge = await openEdge(({ database, clock }) => ({
      app: others,
      sandbox: createSandboxClock({ db: database.db, clock }),
      ready: async () => [{ name: 'database', ok: healthy, detail: healthy ? 'answers' : 'does not answer' }],
      status: async () => ({
        business: 'Nordic Motors',
        version: '0.1.0',
        now: clock.now(),
        zone: 'Europe/Stockholm',
        roles: ['web'],
        checks: [],
        addresses: [],
        tips: [],
        counts: [],
      }),
    }));
  });
  afterAll(() => edge.close());
  const get = (path: string, headers: Record<string, string> = {}) => fetch(edge.origin + path, { headers });

  test('says that it is alive, and whether requests may be sent here', async () => {
    expect((await get('/healthz')).status).toBe(200);
    const up = await get('/readyz');
    expect([up.status, await up.json()]).toMatchObject([200, { checks: [{ name: 'database', ok: true }] }]);
    healthy = false;
    const down = await get('/readyz');
    healthy = true;
    expect([down.status, await down.json()]).toMatchObject([
      503,
      { checks: [{ ok: false, detail: 'does not answer' }] },
    ]);
  });

  test('tells what is measured, and goes on when the queue cannot be asked', async () => {
    const { metrics } = edge;
    let failing = false;
    metrics.watchQueue(async () => {
      if (failing) throw new Error('database down');
      return { due: 7, oldestSeconds: 1.5 };
    });
    metrics.observeSend({ outcome: 'accepted', latenessMs: 300 });
    metrics.observeAck(40);
    metrics.countJobFailure('messages');
    expect(await edge.metric('leadrescue_queue_depth')).toBe(7);
    expect(await edge.metric('leadrescue_queue_oldest_due_seconds')).toBe(1.5);
    expect(await edge.metric('leadrescue_sends_total{outcome="accepted"}')).toBe(1);
    expect(await edge.metric('leadrescue_send_lateness_seconds_bucket{le="0.5"}')).toBe(1);
    expect(await edge.metric('leadrescue_slack_ack_seconds_count{kind="any"}')).toBe(1);
    expect(await edge.metric('leadrescue_job_failures_total{job="messages"}')).toBe(1);
    expect(await edge.metric('process_start_time_seconds')).toBeGreaterThan(0);
    failing = true;
    expect(await edge.metric('leadrescue_queue_depth')).toBeNaN();
    expect(await edge.metric('leadrescue_sends_total{outcome="accepted"}')).toBe(1);
  });

  test('sends strict headers, and a page keeps its own policy', async () => {
    const plain = await get('/healthz');
    expect(plain.headers.get('x-powered-by')).toBeNull();
    expect(plain.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(plain.headers.get('x-content-type-options')).toBe('nosniff');
    expect(plain.headers.get('strict-transport-security')).toContain('max-age=');
    const page = await get('/');
    const text = await page.text();
    const nonce = /style-src 'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1];
    expect(text).toContain(`<style nonce="${nonce}">`);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(await (await get('/')).text()).not.toContain(String(nonce));
  });

  test('knows only the paths that exist, and says so in the asker’s own way', async () => {
    const program = await get('/nothing');
    expect([program.status, await program.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
    const person = await get('/nothing?<script>', { accept: 'text/html,*/*' });
    expect(person.status).toBe(404);
    expect(await person.text()).toMatch(/^<!doctype html>(?!.*script)/s);
    for (const path of ['/f/x', '/c/x', '/t/x', '/api/v1/leads', '/slack/install', '/webhooks/twilio']) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await get('/%E0%A4%A')).status).toBe(404);
    expect((await get('/o/%E0%A4%A')).status).toBe(400);
  });

  test.each([
    ['/healthz', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/metrics', 'GET, HEAD'],
    ['/', 'GET, HEAD'],
    ['/terms/x', 'GET, HEAD'],
  ])('%s cannot be written to', async (path, allowed) => {
    const answer = await fetch(edge.origin + path, { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
  });

  test('carries the paths of others, and translates what goes wrong there', async () => {
    others.get('/others/fine', (_req, res) => void res.send('fine'));
    others.get('/others/known', () => {
      throw new KnownError('conflict', 'taken', 'Somebody was faster: reload.');
    });
    others.get('/others/broken', async () => {
      throw new Error('secret +46 70 123 45 67');
    });
    expect(await (await get('/others/fine')).text()).toBe('fine');
    expect((await get('/others/fine')).headers.get('x-powered-by')).toBeNull();
    const known = await get('/others/known');
    expect([known.status, await known.json()]).toEqual([
      409,
      { error: { code: 'conflict', message: 'Somebody was faster: reload.' } },
    ]);
    const broken = await get('/others/broken');
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('secret');
    const line = edge.log.find((each) => each.msg === 'request failed');
    expect(line).toMatchObject({ level: 50, route: '/others/broken', request: broken.headers.get('x-request-id') });
  });

  test('G7 writes no token, no number, no name and no text to the log', async () => {
    const { link, leadId } = await edge.drive({ name: 'Xenia Quist', phone: '+46701239999' });
    const upload = await edge.world.rooms.vault.createUploadLink(edge.world.tenant.id, leadId);
    await fetch(edge.origin + link);
    await fetch(edge.origin + link, { method: 'POST', body: new URLSearchParams({ action: 'stop' }) });
    await fetch(`${edge.origin}/u/${upload}`);
    await fetch(`${edge.origin}/u/${upload}`, { method: 'POST', body: jpeg() });
    await fetch(`${edge.origin}/nothing/${upload}?phone=46701239999`);
    const form = inboundForm({ From: '+46701239999', To: SMS_SENDER, Body: 'zebra crossing', ProfileName: 'Xenia' });
    await edge.twilio('/webhooks/twilio/inbound', form);
    await edge.twilio('/webhooks/twilio/inbound', form, 'wrong');
    const text = JSON.stringify(edge.log);
    expect(text).toContain('"route":"/o/:token"');
    for (const secret of [link.slice(3), upload, '701239999', 'Xenia', 'zebra']) expect(text).not.toContain(secret);
  });

  describe('the sandbox clock', () => {
    const turn = (body: unknown) => fetch(`${edge.origin}/sandbox/clock`, json(body));

    test('tells the time, and turns on by a duration', async () => {
      const before = edge.world.clock.now().getTime();
      const asked = await turn({ advance: 'PT0S' });
      expect(asked.status).toBe(200);
      const { now } = (await asked.json()) as { now: string };
      expect(now).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(Date.parse(now) - before).toBeLessThan(5000);
      const turned = (await (await turn({ advance: 'P2DT3H' })).json()) as { now: string };
      expect(Date.parse(turned.now) - before).toBeGreaterThanOrEqual(51 * 60 * 60 * 1000);
    });

    test.each([
      ['backwards', json({ advance: '-P1D' }), 400],
      ['backwards in part', json({ advance: 'P-1D' }), 400],
      ['too far', json({ advance: 'P401D' }), 400],
      ['by a word', json({ advance: 'tomorrow' }), 400],
      ['by a number', json({ advance: 2 }), 400],
      ['by nothing', json({}), 400],
      ['with more than is asked', json({ advance: 'P1D', to: 'x' }), 400],
      ['with half a JSON', json('{"advance":'), 400],
      ['with a list', json(['P1D']), 400],
      ['with too much', json({ advance: 'P1D', x: 'x'.repeat(5000) }), 413],
      ['by a form', { method: 'POST', body: new URLSearchParams({ advance: 'P1D' }) }, 415],
      ['by nothing at all', { method: 'POST' }, 415],
      ['by looking', {}, 405],
    ])('is not turned %s', async (_how, init, status) => {
      const { offsetMs } = edge.world.clock;
      expect((await fetch(`${edge.origin}/sandbox/clock`, init)).status).toBe(status);
      expect(edge.world.clock.offsetMs).toBe(offsetMs);
    });
  });
});

describe('an edge', () => {
  test('without a sandbox has no clock to turn and no status page, in production never', async () => {
    const plain = await openEdge();
    expect((await fetch(`${plain.origin}/sandbox/clock`, json({ advance: 'PT0S' }))).status).toBe(404);
    expect((await fetch(`${plain.origin}/`)).status).toBe(404);
    await plain.close();

    const config = { host: '127.0.0.1', port: 0, publicUrl: 'https://leads.example.test', production: true };
    const production = await openEdge(({ clock }) => ({ config, sandbox: { advance: async () => clock.now() } }));
    expect((await fetch(`${production.origin}/sandbox/clock`, json({ advance: 'PT0S' }))).status).toBe(404);
    await production.close();
  });

  test('says which port it cannot have', async () => {
    const first = await openEdge();
    const port = Number(new URL(first.origin).port);
    const second = openEdge(() => ({
      config: { host: '127.0.0.1', port, publicUrl: first.origin, production: false },
    }));
    await expect(second).rejects.toMatchObject({
      code: 'misconfigured',
      userMessage: expect.stringContaining(`PORT: ${port}`),
    });
    await first.close();
  });

  /** An edge with one request under way, whose answer the test gives, and one idle connection. */
  async function busyEdge() {
    const app = express();
    const waiting = new Promise<Response>((resolve) => app.get('/slow', (_req, res) => resolve(res)));
    const busy = await openEdge(() => ({ app }));
    const port = Number(new URL(busy.origin).port);
    const ask = async (path: string): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      return socket;
    };
    const idle = await ask('/healthz');
    await once(idle, 'data');
    const slow = await ask('/slow');
    return { busy, ask, idle, slow, answer: await waiting };
  }

  test('that closes answers what is under way, hangs up on who is idle, and takes nothing new', async () => {
    const { busy, ask, idle, slow, answer } = await busyEdge();
    const hungUp = once(idle.resume(), 'close');
    let heard = '';
    slow.on('data', (chunk) => {
      heard += chunk;
    });
    const slowClosed = once(slow, 'close');
    const closing = busy.http.close();
    await hungUp;
    await expect(ask('/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(heard).toBe('');
    answer.send('at last');
    await closing;
    await slowClosed;
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK.*at last$/s);
    await busy.http.close(); // twice is once
    await busy.world.close();
  });

  test('that closes cuts after five seconds what does not end', async () => {
    const { busy, slow } = await busyEdge();
    const cut = once(slow.on('error', () => {}).resume(), 'close');
    const startedAt = Date.now();
    await busy.http.close();
    await cut;
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    await busy.world.close();
  }, 20_000);
});
