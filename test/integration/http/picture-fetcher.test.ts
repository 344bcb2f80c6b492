import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPictureFetcher } from '../../../src/vendors/hooks/index.ts';

/** Serves what the path says, as websites do. */
const site: Server = createServer((req, res) => {
  asked.push(req.url ?? '');
  if (req.url === '/moved') return void res.writeHead(302, { location: '/logo.png' }).end();
  if (req.url === '/gone') return void res.writeHead(404).end('nothing');
  if (req.url === '/endless') {
    res.writeHead(200);
    const more = () => res.write(Buffer.alloc(64 * 1024), () => !res.destroyed && setImmediate(more));
    return void more();
  }
  res.writeHead(200, { 'content-type': 'image/png' }).end('a picture');
});
const asked: string[] = [];
let origin = '';
beforeAll(async () => {
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => site.close(closed)));

describe('a logo by its address', () => {
  test('comes as it is, and what is no picture for us is refused in words', async () => {
    const { fetch } = createPictureFetcher({ local: true });
    expect(await fetch(`${origin}/logo.png`, 1000)).toEqual(Buffer.from('a picture'));
    expect(await fetch(`${origin}/moved`, 1000)).toContain('leads on to another one');
    expect(await fetch(`${origin}/gone`, 1000)).toContain('answers with 404');
    expect(await fetch(`${origin}/endless`, 300_000)).toContain('larger than 300 kB');
    expect(await fetch('not an address', 1000)).toContain('whole address');
    expect(await fetch('http://127.0.0.1:1/logo.png', 1000)).toContain('Nothing answers');
  });

  test('is never fetched from here or from a private network, whatever the name says', async () => {
    const before = asked.length;
    const { fetch } = createPictureFetcher({
      local: false,
      resolve: ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
        done(null, [{ address: '127.0.0.1', family: 4 }])) as never,
    });
    expect(await fetch(`${origin}/logo.png`, 1000)).toContain('must begin with https://');
    expect(await fetch('https://127.0.0.1/logo.png', 1000)).toContain('never called');
    expect(await fetch('https://169.254.169.254/latest/meta-data', 1000)).toContain('never called');
    expect(await fetch('https://logo.example.com/logo.png', 1000)).toContain('never called');
    expect(asked.length).toBe(before);
  });
});
