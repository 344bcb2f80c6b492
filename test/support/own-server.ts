import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type EmbeddedPostgres, migrate, openDatabase, startEmbedded } from '../../src/db/index.ts';
import type { TestDatabase } from './database.ts';

/** A database server of one test's own, which may be restarted under everybody who uses it. */
export interface OwnServer {
  database: TestDatabase;
  /**
   * Ends the server and starts it again. `fast` cuts every connection and closes properly; `immediate` is a crash, after
   * which the server has to recover.
   */
  restart(how: 'fast' | 'immediate'): Promise<void>;
}

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const NAME = 'leadrescue_faults';

export async function startOwnServer(): Promise<OwnServer> {
  const parent = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'leadrescue-own-'));
  chmodSync(parent, 0o755); // started by root, the server runs as somebody else who has to get in
  const launch = () => startEmbedded(path.join(parent, 'pg'), NAME, { fsync: 'off', synchronous_commit: 'on' }, true);
  let server: EmbeddedPostgres = await launch();
  const settings = server.connection(NAME);
  await migrate(settings);
  const db = await openDatabase({ settings, strict: true });

  const drop = async () => {
    await db.close();
    await server.stop();
    rmSync(parent, { recursive: true, force: true });
  };
  return {
    database: { db, settings, drop },
    async restart(how) {
      // the socket lies beside the data
      const pid = Number.parseInt(readFileSync(path.join(settings.host, 'postmaster.pid'), 'utf8'), 10);
      if (!(pid > 1)) throw new Error('the server says no process id'); // 0 would be our own process group
      process.kill(pid, SIGNALS[how]);
      await server.stop();
      server = await launch();
    },
  };
}
