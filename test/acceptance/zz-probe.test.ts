import { randomBytes } from 'node:crypto';
import { test } from '@jest/globals';
import pg from 'pg';
import { freshDatabase } from '../support/database.ts';
import { build, freePort, newFolder } from './product.ts';
import { urlOf } from './shop.ts';

test('probe', async () => {
  const made = await build();
  const database = await freshDatabase();
  const admin = new pg.Client({ host: database.settings.host, user: 'postgres', database: 'postgres' });
  await admin.connect();
  admin.on('error', () => {});
  await admin.query(`drop database if exists plaindb; drop role if exists plain`).catch(async () => { await admin.query('drop database if exists plaindb'); await admin.query('drop role if exists plain'); });
  await admin.query(`create role plain login`);
  await admin.query(`create database plaindb owner plain`);
  const port = String(await freePort());
  const base = { PORT: port, DATA_DIR: newFolder('probe') };
  const show = async (name: string, env: Record<string, string>, args: string[] = []) => {
    const t = Date.now();
    const p = made.run({ ...base, ...env }, { args });
    const r = await Promise.race([p, new Promise<undefined>((res) => setTimeout(res, 70000, undefined))]);
    process.stdout.write(`=== ${name} ${Date.now() - t} ms code ${r?.code}\n${r?.output ?? 'STILL RUNNING'}\n`);
  };
  await show('mongodb unreachable', { DATABASE_URL: urlOf(database.settings), MONGODB_URI: 'mongodb://127.0.0.1:9/x' });
  made.remove();
  const second = await freshDatabase();
  const k = `k1:${randomBytes(32).toString('base64')}`;
  const again = await build();
  const p1 = await again.start({ ...base, DATABASE_URL: urlOf(second.settings), MASTER_KEYS: k }).catch((e) => { process.stdout.write(String(e)); });
  if (p1) await p1.end('SIGTERM');
  const r = await again.run({ ...base, DATABASE_URL: urlOf(second.settings), MASTER_KEYS: `k1:${randomBytes(32).toString('base64')}` });
  process.stdout.write(`=== same id other key\n${r.output}`);
  again.remove();
  await admin.end();
  await database.drop();
  await second.drop();
}, 200_000);
