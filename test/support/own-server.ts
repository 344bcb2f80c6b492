import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createBackup, openFolder, restoreBackup } from '../../src/backup/index.ts';
import { type EmbeddedPostgres, migrate, openDatabase, startEmbedded } from '../../src/db/index.ts';
import { createKeyring } from '../../src/lib/secrets.ts';
import type { TestDatabase } from './database.ts';

/** A database server of one test's own, which may be restarted under everybody who uses it. */
export interface OwnServer {
  database: TestDatabase;
  /**
   * Ends the server and starts it again. `fast` cuts every connection and closes properly; `immediate` is a crash, after
   * which the server has to recover.
   */
  restart(how: 'fast' | 'immediate'): Promise<void>;
  /** A replica as it is at this moment: it hears of nothing that is done from now on. */
  replicate(): Promise<Replica>;
}

export interface Replica {
  /** The server dies with its disk, and the replica takes its place for everybody who uses it. */
  promote(): Promise<void>;
}

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const NAME = 'leadrescue_faults';

export async function startOwnServer(): Promise<OwnServer> {
  const parent = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'leadrescue-own-'));
  chmodSync(parent, 0o755); // started by root, the server runs as somebody else who has to get in
  const data = path.join(parent, 'pg');
  const quick = { fsync: 'off', synchronous_commit: 'on' };
  const launch = () => startEmbedded(data, NAME, quick, true);
  let server: EmbeddedPostgres = await launch();
  const settings = server.connection(NAME);
  await migrate(settings);
  const db = await openDatabase({ settings, strict: true });

  async function end(signal: NodeJS.Signals): Promise<void> {
    // the socket lies beside the data
    const pid = Number.parseInt(readFileSync(path.join(settings.host, 'postmaster.pid'), 'utf8'), 10);
    if (!(pid > 1)) throw new Error('the server says no process id'); // 0 would be our own process group
    process.kill(pid, signal);
    await server.stop();
  }

  const drop = async () => {
    await db.close();
    await server.stop();
    rmSync(parent, { recursive: true, force: true });
  };
  return {
    database: { db, settings, drop },
    async restart(how) {
      await end(SIGNALS[how]);
      server = await launch();
    },
    async replicate() {
      const folder = openFolder(
        path.join(parent, 'replica'),
        createKeyring(`k1:${Buffer.alloc(32, 7).toString('base64')}`),
      );
      await createBackup(server, folder, () => new Date());
      return {
        async promote() {
          await end(SIGNALS.immediate);
          renameSync(data, path.join(parent, 'lost'));
          await restoreBackup(folder, { target: data, settings: quick });
          server = await launch();
        },
      };
    },
  };
}
