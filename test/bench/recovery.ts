import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createArchive, createBackup, openFolder, restoreBackup } from '../../src/backup/index.ts';
import { archivingInto, NOT_ARCHIVING, startEmbedded, takeFolder } from '../../src/db/index.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { createKeyring } from '../../src/lib/secrets.ts';
import type { Lab } from './lab.ts';
import { readable } from './numbers.ts';
import { createPast } from './past.ts';
import { atMost, type Line } from './report.ts';

export interface RecoveryResult {
  leads: number;
  /** Of the database that is backed up, and of its sealed base backup. */
  bytes: number;
  sealed: number;
  /** From asking for the base backup to its last byte on the disk, ms. */
  backup: number;
  /** What was written and is not in the restored copy, ms before the end. */
  lost: number;
  /** From an empty disk to the restored server's first answer, ms. */
  restore: number;
}

/** Longer than the server keeps a piece of its log to itself, so that one is handed over on the way. */
const WRITING_MS = 100_000;
const WRITE_EVERY_MS = 100;

/**
 * Fills a database of its own, backs it up sealed, goes on writing, loses the machine with its disk, and restores from the
 * base and the log that were elsewhere.
 */
export async function benchRecovery(
  lab: Lab,
  { leads, log }: { leads: number; log(line: string): void },
): Promise<RecoveryResult> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'leadrescue-bench-recovery-'));
  chmodSync(home, 0o755); // run by root, the server is another user and has to get in
  const data = path.join(home, 'data/postgres');
  const folder = openFolder(path.join(home, 'backup'), createKeyring(`k1:${Buffer.alloc(32, 7).toString('base64')}`));
  try {
    log(`loading ${leads} leads`);
    const database = await fill(lab, data, leads);

    const { folder: spool } = takeFolder(path.join(home, 'data/wal'));
    const server = await startEmbedded(data, undefined, archivingInto(spool));
    const settings = server.connection(database);
    const archive = createArchive({ spool, folder, log: createLogger('error') });
    archive.start();
    const [size] = await asked(settings, 'select pg_database_size(current_database()) as bytes');
    const since = performance.now();
    const base = await createBackup(server, folder, () => new Date());
    const backup = performance.now() - since;
    log(`backed up in ${readable(backup / 1000)} s; writing for ${WRITING_MS / 1000} s`);

    const ended = await writeUntilTheEnd(settings, data);
    renameSync(spool, `${spool}-lost`); // with the disk that it lay on
    await archive.stop();
    await server.stop();
    rmSync(path.join(home, 'data'), { recursive: true, force: true });

    const target = path.join(home, 'restored/postgres');
    const from = performance.now();
    await restoreBackup(folder, { target });
    const copy = await startEmbedded(target, undefined, NOT_ARCHIVING);
    try {
      const [found] = await asked(
        copy.connection(database),
        'select (select count(*) from leads)::int as leads, (select max(at) from bench_written) as newest',
      );
      const restore = performance.now() - from;
      if (found?.leads !== leads) throw new Error(`${leads} leads became ${found?.leads}`);
      const lost = ended - (found.newest as Date).getTime();
      log(`restored in ${readable(restore / 1000)} s, ${readable(lost / 1000)} s are lost`);
      return { leads, bytes: Number(size?.bytes), sealed: base.bytes, backup, lost, restore };
    } finally {
      await copy.stop();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A business's past in a database that archives nothing yet. Returns its name. */
async function fill(lab: Lab, data: string, leads: number): Promise<string> {
  const server = await startEmbedded(data, undefined, NOT_ARCHIVING);
  try {
    const house = await lab.openHouse({ server });
    await createPast(house, leads);
    await asked(house.settings, 'create table bench_written (at timestamptz not null)');
    await house.leave();
    return house.settings.database;
  } finally {
    await server.stop();
  }
}

/** Commits the time again and again; then the machine is gone. Returns the last committed time, ms since the epoch. */
async function writeUntilTheEnd(settings: pg.ClientConfig, data: string): Promise<number> {
  const client = new pg.Client(settings);
  client.on('error', () => {});
  await client.connect();
  const end = performance.now() + WRITING_MS;
  let last = 0;
  while (performance.now() < end) {
    const { rows } = await client.query<{ at: Date }>(
      'insert into bench_written values (clock_timestamp()) returning at',
    );
    last = rows[0]?.at.getTime() ?? last;
    await new Promise((resolve) => setTimeout(resolve, WRITE_EVERY_MS));
  }
  const pid = Number.parseInt(readFileSync(path.join(data, 'postmaster.pid'), 'utf8'), 10);
  if (!(pid > 1)) throw new Error('the server says no process id'); // 0 would be our own process group
  process.kill(pid, 'SIGQUIT'); // ends at once, without closing anything
  await client.end().catch(() => {});
  return last;
}

async function asked(settings: pg.ClientConfig, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(settings);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The log is handed over once a minute, and taken within two seconds. */
const MAX_LOST_MS = 65_000;

export function recoveryLines({ leads, bytes, sealed, backup, lost, restore }: RecoveryResult): Line[] {
  const mebibytes = (n: number) => `${readable(n / 1_048_576)} MiB`;
  const perSecond = (ms: number) => `${mebibytes(sealed / (ms / 1000))}/s`;
  const what = `${readable(leads)} leads, ${mebibytes(bytes)}`;
  return [
    {
      bench: 'recovery',
      what: `base backup of ${what}, sealed to ${mebibytes(sealed)}`,
      figure: `${readable(backup / 1000)} s (${perSecond(backup)})`,
    },
    {
      bench: 'recovery',
      what: 'written before the machine was lost, and lost with it (RPO)',
      figure: `${readable(lost / 1000)} s`,
      target: `< ${MAX_LOST_MS / 1000} s`,
      ...atMost(lost, MAX_LOST_MS),
    },
    {
      bench: 'recovery',
      what: `restored from an empty disk, to the first answer (RTO), ${what}`,
      figure: `${readable(restore / 1000)} s (${perSecond(restore)})`,
    },
  ];
}
