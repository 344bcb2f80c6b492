import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHttpPool, type HttpPool, type HttpPoolOptions } from '../../../src/lib/http.ts';

let server: Server;
let answer: RequestListener;
let requests: number;
let pools: HttpPool[];

beforeEach(async () => {
  requests = 0;
  pools = [];
  answer = (_, response) => response.end('fine');
  server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await Promise.all(pools.map((pool) => pool.close()));
  await new Promise((resolve) => server.close(resolve));
});

function open(options: Partial<HttpPoolOptions> = {}): HttpPool {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pool = createHttpPool({ origin, connections: 4, timeoutMs: 2000, ...options });
  pools.push(pool);
  return pool;
}

const post = { method: 'POST', path: '/', headers: {}, body: 'x' } as const;

describe('a call', () => {
  test('gives status, headers and the body in one piece', async () => {
    answer = (_, response) => {
      response.writeHead(202, { 'x-note': 'n' });
      response.write('åä');
      setImmediate(() => response.end('ö'));
    };

    expect(await open().call(post)).toMatchObject({
      kind: 'reply',
      status: 202,
      headers: { 'x-note': 'n' },
      body: 'åäö',
    });
  });

  test('is not written when the deadline passes between the call and the write', async () => {
    let now = 0;
    const pool = open({ machine: () => now });

    const call = pool.call({ ...post, writeBefore: 10 });
    now = 10;

    expect(await call).toEqual({ kind: 'not_written', detail: 'deadline passed' });
    expect(requests).toBe(0);
  });

  test('that was too late leaves its connection usable', async () => {
    let now = 0;
    let connections = 0;
    server.on('connection', () => connections++);
    const pool = open({ machine: () => now, connections: 1 });

    const late = pool.call({ ...post, writeBefore: 10 });
    now = 10;
    await late;

    expect(await pool.call({ ...post, writeBefore: 20 })).toMatchObject({ kind: 'reply' });
    expect({ requests, connections }).toEqual({ requests: 1, connections: 1 });
  });

  test('that is never answered ends in time, with no reply', async () => {
    answer = () => undefined;

    expect(await open({ timeoutMs: 500 }).call(post)).toEqual({ kind: 'no_reply', detail: 'no answer in time' });
  });

  test('whose answer never ends is bounded too', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('half');

    expect(await open({ timeoutMs: 500 }).call(post)).toEqual({ kind: 'no_reply', detail: 'no answer in time' });
  });

  test('whose connection breaks has no reply, and is not made again', async () => {
    answer = (request) => request.socket.destroy();

    expect(await open().call({ ...post, method: 'GET' })).toMatchObject({ kind: 'no_reply' });
    expect(requests).toBe(1);
  });

  test('that waits behind another beyond its time is never written', async () => {
    let release: () => void = () => undefined;
    answer = (_, response) => {
      release = () => response.end('slow');
    };
    const pool = open({ connections: 1 });

    const first = pool.call(post);
    const second = await pool.call({ ...post, writeBefore: Date.now() + 50 });
    release();

    expect(second).toMatchObject({ kind: 'not_written' });
    expect(await first).toMatchObject({ kind: 'reply', body: 'slow' });
    expect(requests).toBe(1);
  });

  test('given up while it waited is not written when its turn comes', async () => {
    answer = () => undefined;
    const pool = open({ connections: 1, timeoutMs: 1500 });

    const [, waiting] = await Promise.all([pool.call(post), pool.call(post)]);
    answer = (_, response) => response.end('fine');

    expect(waiting).toEqual({ kind: 'not_written', detail: 'no connection in time' });
    expect(await pool.call(post)).toMatchObject({ kind: 'reply' });
    expect(requests).toBe(2);
  });

  test('with a header that cannot be sent is not written', async () => {
    const headers = { 'x-bad': 'line\nbreak' };
    expect(await open().call({ ...post, headers })).toMatchObject({ kind: 'not_written' });
    expect(requests).toBe(0);
  });

  test('can be cut', async () => {
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    answer = () => arrived();
    const pool = open();

    const call = pool.call(post);
    await arrival;
    await pool.destroy();

    expect(await call).toMatchObject({ kind: 'no_reply' });
  });

  test('after closing is not written', async () => {
    const pool = open();
    await pool.close();

    expect(await pool.call(post)).toMatchObject({ kind: 'not_written' });
  });
});
