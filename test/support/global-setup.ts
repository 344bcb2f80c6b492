import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';

/** Nothing is kept, and no database lives for long: no care for the disk, and nothing that tidies up. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: 300,
  autovacuum: 'off',
  jit: 'off',
};

/** One server for the whole run, with a migrated template that every test file clones. */
export default async function setup(): Promise<void> {
  const parent = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'leadrescue-test-'));
  chmodSync(parent, 0o755); // run by root, the server is another user and has to get in
  const server = await startEmbedded(path.join(parent, 'pg'), 'template_leadrescue', SETTINGS, true);
  const template = server.connection('template_leadrescue');
  await migrate(template);
  // nobody may stay connected to a database that is cloned
  const admin = new pg.Client({ ...template, database: 'postgres' });
  await admin.connect();
  await admin.end();
  Object.assign(globalThis, { testServer: { server, parent } });
  process.env.TEST_PG = JSON.stringify(template);
  process.env.TEST_BUILD = path.join(parent, 'build');
}
