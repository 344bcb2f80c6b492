import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { newFolder } from '../../support/build.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';
import { type Build, build, type Product } from '../product.ts';

/* The audit log as an auditor meets it: two programs, the product and the one that checks it. */

jest.setTimeout(90_000); // programs are started and waited for

let made: Build;
let home: string;
let product: Product;
let env: Record<string, string>;
beforeAll(async () => {
  made = await build();
  home = newFolder('audit');
  env = { DATA_DIR: home, PORT: String(await freePort()) };
  product = await made.start(env);
});
afterAll(() => {
  made?.remove();
  if (home) rmSync(home, { recursive: true, force: true });
});

/** Runs `npm run audit -- …` without npm. `elsewhere` is a folder where there is no LeadRescue. */
function audit(args: string[], elsewhere?: string): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [path.join(made.folder, 'dist/audit.js'), ...args], {
    cwd: elsewhere ?? made.folder,
    env: { PATH: process.env.PATH, ...(elsewhere === undefined && env) },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk;
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out })));
}

async function asSuperuser(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ host: path.join(home, 'postgres'), user: 'postgres', database: 'leadrescue' });
  await client.connect();
  await client.query('set session_replication_role = replica');
  return client.query(sql).finally(() => client.end());
}

/** The product has sealed all that has happened. */
const sealed = () =>
  until(
    async () => {
      const open = 'select count(*) as open from events where id > coalesce((select max(top_id) from seal_rounds), 0)';
      return Number((await asSuperuser(open)).rows[0]?.open) === 0;
    },
    'the log to be sealed',
    60_000,
  );

describe('the audit log', () => {
  test('is sealed while the product runs, checked by anybody, and tampering is found', async () => {
    await sealed();
    expect(await audit(['verify'])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed') });

    const log = await audit(['export', '--tenant', 'Nordic']);
    expect(log.code).toBe(0);
    const file = path.join(home, 'log.jsonl');
    writeFileSync(file, log.out);
    const elsewhere = newFolder('auditor');
    const offline = await audit(['verify', '--file', file], elsewhere);
    expect(offline).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed') });

    await asSuperuser(`update events set actor = 'customer' where id = (select min(id) from events)`);
    expect(await audit(['verify'])).toMatchObject({ code: 1, out: expect.stringMatching(/Event \d+ was changed/) });
    writeFileSync(file, readFileSync(file, 'utf8').replace('"actor":"system"', '"actor":"gateway"'));
    expect((await audit(['verify', '--file', file], elsewhere)).code).toBe(1);
    rmSync(elsewhere, { recursive: true });
  });

  test('is checked also when the product does not run', async () => {
    await asSuperuser(`update events set actor = 'system' where id = (select min(id) from events)`);
    await product.end('SIGTERM');
    const { code, out } = await audit(['verify']);
    expect(out).toContain('Nothing was changed');
    expect(code).toBe(0);
  });
});
