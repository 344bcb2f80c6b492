import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { LeadId } from '../../../src/lib/ids.ts';
import { jpeg, openEdge, type TestEdge, until } from './open-edge.ts';

const MB = 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;

describe('the one-time upload page', () => {
  let edge: TestEdge;
  let serial = 0;
  beforeAll(async () => {
    edge = await openEdge();
  });
  afterAll(() => edge.close());

  async function link(): Promise<{ path: string; leadId: LeadId }> {
    const { leadId } = await edge.drive({ phone: `+4670223${String(1000 + serial++)}` });
    return { path: `/u/${await edge.world.rooms.vault.createUploadLink(edge.world.tenant.id, leadId)}`, leadId };
  }
  async function send(to: string, bytes: Buffer, type = 'image/jpeg'): Promise<{ status: number; page: string }> {
    const form = new FormData();
    form.set('photo', new File([new Uint8Array(bytes)], 'licence.jpg', { type }));
    const answer = await fetch(edge.origin + to, { method: 'POST', body: form });
    return { status: answer.status, page: await answer.text() };
  }
  const assets = (leadId: LeadId) => edge.value<number>('select count(*) from assets where lead_id = $1', [leadId]);

  test('asks for the photo of one customer, by first name, and a look uses nothing up', async () => {
    const { path, leadId } = await link();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await fetch(edge.origin + path, { method });
      expect(answer.status).toBe(200);
      const page = await answer.text();
      if (method === 'GET') expect(page).toContain('Körkortsfoto för Anna<');
      expect(page).not.toContain('Karlsson');
    }
    expect((await send(path, jpeg())).status).toBe(200);
    expect(await assets(leadId)).toBe(1);
  });

  test('stores the photo once: the link is used up', async () => {
    const { path, leadId } = await link();
    const photo = jpeg(randomBytes(300_000));
    const sent = await send(path, photo);
    expect([sent.status, sent.page.includes('Fotot har kommit fram.')]).toEqual([200, true]);
    const assetId = (await edge.value<string>('select id from assets where lead_id = $1', [leadId])) ?? '';
    expect(await edge.world.rooms.vault.open(edge.world.tenant.id, assetId)).toEqual({
      bytes: photo,
      mime: 'image/jpeg',
    });

    const again = await send(path, jpeg('another'));
    expect([again.status, again.page.includes('Länken är redan använd.')]).toEqual([410, true]);
    expect((await fetch(edge.origin + path)).status).toBe(410);
    expect(await assets(leadId)).toBe(1);
    const stored = `select count(*) from events where type = 'licence.stored' and lead_id = $1`;
    expect(await edge.value<number>(stored, [leadId])).toBe(1);
  });

  test('takes one of two photos that are sent at the same moment', async () => {
    const { path, leadId } = await link();
    const answers = await Promise.all([send(path, jpeg('one')), send(path, jpeg('two'))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect(await assets(leadId)).toBe(1);
  });

  test.each([
    ['a photo of more than 10 MB', () => jpeg(Buffer.alloc(10 * MB)), 'image/jpeg', 413, 'större än 10 MB'],
    [
      'one of 15 MB, read to its end so that the browser shows the answer',
      () => jpeg(Buffer.alloc(15 * MB)),
      'image/jpeg',
      413,
      'större än 10 MB',
    ],
    [
      'a page that calls itself a photo',
      () => Buffer.from('<!doctype html><script>1</script>'),
      'image/jpeg',
      415,
      'inte ett foto',
    ],
    ['a photo that calls itself a page', () => jpeg(), 'text/html', 415, 'inte ett foto'],
    ['nothing', () => Buffer.alloc(0), 'image/jpeg', 415, 'inte ett foto'],
  ])('refuses %s and keeps the link good', async (_what, bytes, type, status, words) => {
    const { path, leadId } = await link();
    const refused = await send(path, bytes(), type);
    expect(refused.status).toBe(status);
    expect(refused.page).toContain(words);
    expect(await assets(leadId)).toBe(0);
    expect((await send(path, jpeg())).status).toBe(200);
    expect(await assets(leadId)).toBe(1);
  });

  test('cuts off who sends without end', async () => {
    const { path, leadId } = await link();
    const { hostname, port } = new URL(edge.origin);
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    const head = ['content-type: multipart/form-data; boundary=x', 'transfer-encoding: chunked', 'host: x', '', ''];
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}`);
    const part = Buffer.from(
      '--x\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n',
    );
    socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MB), Buffer.from('\r\n')]);
    for (let sent = 0; sent < 100 && !socket.destroyed && heard === ''; sent++) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => {}), closed]);
    }
    await closed;
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
    expect(await assets(leadId)).toBe(0);
  });

  test('a sender who goes away in the middle leaves the link good', async () => {
    const { path, leadId } = await link();
    const { hostname, port } = new URL(edge.origin);
    const socket = connect(Number(port), hostname);
    const head = ['content-type: multipart/form-data; boundary=x', 'content-length: 5000', 'host: x', '', ''];
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}`);
    socket.write('--x\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n');
    await new Promise<void>((resolve) => socket.write(jpeg(), () => resolve()));
    socket.end();
    await until(async () => edge.log.some((line) => line.route === '/u/:token' && line.gone === true));
    socket.destroy();
    expect((await send(path, jpeg())).status).toBe(200);
    expect(await assets(leadId)).toBe(1);
  });

  test.each([
    ['a form without a boundary', 'multipart/form-data', 'photo=1', 400],
    [
      'a form that ends too early',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="photo"; filename="a"\r\n\r\nhalf',
      400,
    ],
    ['another kind of body', 'application/json', '{}', 415],
    ['an ordinary form', 'application/x-www-form-urlencoded', 'photo=1', 415],
  ])('refuses %s without effect', async (_what, type, body, status) => {
    const { path, leadId } = await link();
    const answer = await fetch(edge.origin + path, { method: 'POST', body, headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
    expect(await assets(leadId)).toBe(0);
    expect((await fetch(edge.origin + path)).status).toBe(200);
  });

  test('is over after a day', async () => {
    const { path, leadId } = await link();
    const { clock } = edge.world;
    const offset = clock.offsetMs;
    clock.turnTo(offset + 24 * HOUR_MS + 1000);
    const page = await fetch(edge.origin + path);
    expect([page.status, (await page.text()).includes('Länken har gått ut.')]).toEqual([410, true]);
    expect((await send(path, jpeg())).status).toBe(410);
    clock.turnTo(offset);
    expect(await assets(leadId)).toBe(0);
  });

  test('names nobody to who has no link', async () => {
    for (const path of ['/u/nothing', `/u/${randomBytes(24).toString('base64url')}`]) {
      const page = await fetch(edge.origin + path);
      expect([page.status, /Nordic|Anna/.test(await page.text())]).toEqual([404, false]);
      expect((await send(path, jpeg())).status).toBe(404);
    }
  });

  test('keeps neither the photo nor the link where somebody could read it (COMPLIANCE T11.4)', async () => {
    const marker = Buffer.from(`licence-${randomBytes(16).toString('hex')}`);
    const temporary = mkdtempSync(path.join(os.tmpdir(), 'upload-'));
    const { TMPDIR } = process.env;
    const { path: to } = await link();
    try {
      process.env.TMPDIR = temporary; // the usual one belongs to others too
      expect((await send(to, jpeg(Buffer.concat([Buffer.alloc(200_000, 1), marker])))).status).toBe(200);
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      rmSync(temporary, { recursive: true });
    }

    const folders = await databaseFolders(edge);
    expect(filesWith(folders, Buffer.from('licence.stored'))).not.toEqual([]); // the search does see what is written
    expect(filesWith(folders, marker)).toEqual([]);
    expect(filesWith(folders, Buffer.from(to.slice('/u/'.length)))).toEqual([]);
  });
});

/** Where the database server keeps this database's rows, and its write-ahead log, everything written out. */
async function databaseFolders(edge: TestEdge): Promise<string[]> {
  const { host, database } = edge.world.database.settings;
  const client = new pg.Client({ host, database, user: 'postgres' });
  await client.connect();
  await client.query('checkpoint');
  const { rows } = await client.query<{ data: string; oid: string }>(
    `select current_setting('data_directory') as data, oid from pg_database where datname = current_database()`,
  );
  await client.end();
  return rows.flatMap(({ data, oid }) => [path.join(data, 'base', String(oid)), path.join(data, 'pg_wal')]);
}

function filesWith(folders: string[], marker: Buffer): string[] {
  return folders
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => {
      try {
        return statSync(file).isFile() && readFileSync(file).includes(marker);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false; // recycled while we looked
        throw error;
      }
    });
}
