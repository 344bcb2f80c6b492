import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { joinEmbedded, startEmbedded } from '../../../src/db/index.ts';

/* Whoever checks the log uses the embedded server that the product runs, or starts it for the while. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'leadrescue-join-'));
  chmodSync(folder, 0o755); // run by root, the server is another user and has to get in
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Server = Awaited<ReturnType<typeof joinEmbedded>>;

async function answers(server: Server): Promise<boolean> {
  const client = new pg.Client(server.connection('leadrescue'));
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

test('where no database was made, none is', async () => {
  await expect(joinEmbedded(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'not_found' });
});

test('a running server is used and left alone, one that does not run is started and ended', async () => {
  const dir = path.join(folder, 'pg');
  const product = await startEmbedded(dir, 'leadrescue', { fsync: 'off' }, true);
  const beside = await joinEmbedded(dir);
  expect(await answers(beside)).toBe(true);
  await beside.stop();
  expect(await answers(product)).toBe(true);
  await product.stop();

  const alone = await joinEmbedded(dir);
  expect(await answers(alone)).toBe(true);
  await alone.stop();
  expect(await answers(alone)).toBe(false);
});
