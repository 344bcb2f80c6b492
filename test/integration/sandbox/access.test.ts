import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  const page = {
    'index.html': '<!doctype html><title>The page</title>',
    'assets/app-1a2b.js': 'export {};',
    'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  };
  stage = await openStage({ page });
}, 60_000);
afterAll(() => stage.close());

const HARMLESS = { act: 'mischief', kind: 'slow', on: false };

/** A request with headers that `fetch` does not let through. */
function ask(path: string, headers: Record<string, string>, body?: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { method: body ? 'POST' : 'GET', headers: { 'content-type': 'application/json', ...headers } };
    const call = request(stage.origin + path, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    call.on('error', reject);
    call.end(body ? JSON.stringify(body) : undefined);
  });
}

describe('the page', () => {
  test('is at the root, and runs nothing but its own files', async () => {
    const response = await fetch(`${stage.origin}/`);
    expect(await response.text()).toContain('The page');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await fetch(`${stage.origin}/assets/app-1a2b.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${stage.origin}/icon.svg`)).status).toBe(200);
    expect((await fetch(`${stage.origin}/assets/nothing.js`)).status).toBe(404);
    expect((await fetch(`${stage.origin}/assets/..%2findex.html`)).status).not.toBe(200);
  });
});

describe('the sandbox answers', () => {
  const port = () => new URL(stage.origin).port;

  test.each([
    ['its own page', () => ({ origin: stage.origin, 'sec-fetch-site': 'same-origin' })],
    [
      'its own page by another name of this machine',
      () => ({ host: `localhost:${port()}`, origin: `http://localhost:${port()}` }),
    ],
    ['a program', () => ({})],
  ])('%s', async (_who, headers) => {
    expect(await ask('/sandbox/act', headers(), HARMLESS)).toBe(200);
    expect(await ask('/sandbox/stream', headers())).toBe(200);
    expect(await ask('/sandbox/state', headers())).toBe(200);
  });

  test.each([
    ['another site', () => ({ origin: 'https://evil.example' })],
    ['another site on this machine', () => ({ origin: 'http://localhost:8080' })],
    ['a page without a name', () => ({ origin: 'null' })],
    ['a site that had its name point here', () => ({ host: 'evil.example', origin: 'http://evil.example' })],
    ['whoever asks for another site', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })],
    ['a request without a host that can be read', () => ({ host: 'a b' })],
  ])('never %s', async (_who, headers) => {
    expect(await ask('/sandbox/act', headers(), HARMLESS)).toBe(403);
    expect(await ask('/sandbox/stream', headers())).toBe(403);
    expect(await ask('/sandbox/state', headers())).toBe(403);
    expect(await ask('/sandbox/files/F1', headers())).toBe(403);
  });

  test('no form', async () => {
    const body = new URLSearchParams({ act: 'reset' });
    const response = await fetch(`${stage.origin}/sandbox/act`, { method: 'POST', body });
    expect(response.status).toBe(415);
  });

  test('no wish to wipe a database that is not its own', async () => {
    expect((await stage.state()).one('scene')?.canReset).toBe(false);
    expect(await stage.post({ act: 'reset' })).toEqual({
      status: 400,
      body: { error: 'Only a demo with its own database and stand-ins can be wiped.' },
    });
  });
});
