import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import express from 'express';
import { createLogger } from '../../../src/lib/logger.ts';
import { createGate } from '../../../src/slack/gate.ts';
import { FORM, signatureOf } from '../../support/slack.ts';

const signingSecret = 'secret';
/** What stands behind the gate answers with this status. */
let status = 200;
let passed: string[] = [];
let now = 1_800_000_000_000;
let server: Server;
let url = '';

beforeAll(async () => {
  const app = express();
  app.post(
    '/slack/events',
    ...createGate({ signingSecret, clock: { machine: () => now }, log: createLogger('silent') }),
  );
  app.post('/slack/events', (request, response) => {
    passed.push(String((request as { rawBody?: Buffer }).rawBody));
    response.status(status).end();
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  status = 200;
  passed = [];
});

async function send(text: string, secondsAgo = 0): Promise<number> {
  const command = { command: '/x', text, team_id: 'T1', user_id: 'U1', channel_id: 'C1', trigger_id: 'x' };
  const body = new URLSearchParams(command).toString();
  const timestamp = String(Math.floor(now / 1000) - secondsAgo);
  const headers = {
    'content-type': FORM,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signatureOf(signingSecret, timestamp, body),
  };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

test('what we failed at may come again, even within the same second', async () => {
  status = 503;
  expect(await send('retry')).toBe(503);
  status = 200;
  expect([await send('retry'), await send('retry')]).toEqual([200, 200]);
  expect(passed).toHaveLength(2);
});

test('the same request is let through once for as long as its timestamp is good', async () => {
  await send('once');
  now += 299_000;
  expect(await send('once', 299)).toBe(200);
  now += 2000;
  expect(await send('once', 301)).toBe(401);
  expect(passed).toHaveLength(1);
});

test('one from the future cannot come again when its time is there', async () => {
  await send('early', -290);
  now += 580_000;
  expect(await send('early', 290)).toBe(200);
  expect(passed).toHaveLength(1);
});

test('the body is handed on as it came', async () => {
  await send('å & <b>');
  expect(new URLSearchParams(passed[0]).get('text')).toBe('å & <b>');
});
