import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BackupFolder, createBackup, restoreBackup, verifyBackup } from './backup/index.ts';
import type { Database, EmbeddedPostgres } from './db/index.ts';
import { isKnown, KnownError } from './lib/errors.ts';
import { markRestored } from './messaging/index.ts';

/* `npm run backup -- create`, `list`, `verify`, and `npm run restore`: what they say, apart from where it comes from. */

export const USAGE = `Usage: npm run backup -- <command> [folder]        the folder is BACKUP_DIR where none is given
  create [folder] [--keep <n>]       a base backup of the embedded database; --keep deletes all but the newest n
  list [folder]                      what is there
  verify [folder]                    opens every file to its end, and looks for gaps
       npm run restore -- [folder] [--until <time>] [--to <data folder>]
                                     makes the database in DATA_DIR, or in --to, as it was last or then (2026-11-22T09:30:00Z)
       npm run restore -- --mark     says that DATABASE_URL was restored from a snapshot: it is held at the next start
Exit code: 0 done, 1 the backup is damaged, 2 not understood or not possible.
`;

/** What the command stands on: opened only when it is asked for. */
export interface BackupSurroundings {
  /** BACKUP_DIR. */
  folder: string | undefined;
  dataDir: string;
  /** Set: the database is somebody else's to back up. */
  external: boolean;
  open(folder: string): BackupFolder;
  /** The embedded server, started where it does not run. */
  server(): Promise<EmbeddedPostgres>;
  database(): Promise<{ db: Database; close(): Promise<void> }>;
  now(): Date;
  say(text: string): void;
}

const OPTIONS = {
  keep: { type: 'string' },
  until: { type: 'string' },
  to: { type: 'string' },
  mark: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Answers a command line and returns the exit code. Throws nothing that is known. */
export async function answerBackup(args: string[], around: BackupSurroundings): Promise<0 | 1 | 2> {
  try {
    const { values, positionals } = understood(args);
    const [command, folder, ...more] = positionals;
    if (values.help) {
      around.say(USAGE);
      return 0;
    }
    if (more.length > 0) throw unreadable(`That is too much: ${more.join(' ')}.`);
    const place = () => around.open(placeOf(folder ?? around.folder));
    switch (command) {
      case 'create':
        return await create(place(), values.keep, around);
      case 'list':
        return await list(place(), around);
      case 'verify':
        return await verify(place(), around);
      case 'restore':
        return values.mark ? await mark(around) : await restore(place(), values, around);
      default:
        throw unreadable(command === undefined ? 'Say what is to be done.' : `There is no command "${command}".`);
    }
  } catch (error) {
    if (!isKnown(error)) throw error;
    around.say(`${error.userMessage}\n`);
    return 2;
  }
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

async function create(folder: BackupFolder, keep: string | undefined, around: BackupSurroundings): Promise<0> {
  if (around.external) {
    const words =
      'DATABASE_URL names a server of its own: back it up with your provider’s snapshots or pg_basebackup (docs/operations.md).';
    throw new KnownError('misconfigured', 'not the embedded database', words);
  }
  const count = keep === undefined ? undefined : Number(keep);
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw unreadable('--keep takes a number from 1 on.');
  const since = around.now().getTime();
  const server = await around.server();
  try {
    const base = await createBackup(server, folder, around.now, count);
    const seconds = Math.max(0.001, (around.now().getTime() - since) / 1000);
    around.say(
      `Backed up ${megabytes(base.bytes)} in ${seconds.toFixed(1)} s (${megabytes(base.bytes / seconds)}/s): ${base.name}\n`,
    );
    if (!around.folder) around.say('BACKUP_DIR is not set, so nothing is kept of what happens from now on.\n');
  } finally {
    await server.stop();
  }
  return 0;
}

async function list(folder: BackupFolder, around: BackupSurroundings): Promise<0> {
  const [bases, segments] = [await folder.bases(), await folder.segments()];
  for (const { name, doneAt, bytes } of bases) around.say(`${name}  done ${doneAt}  ${megabytes(bytes)}\n`);
  around.say(`${bases.length} base backups, ${segments.length} pieces of the write-ahead log.\n`);
  return 0;
}

async function verify(folder: BackupFolder, around: BackupSurroundings): Promise<0 | 1> {
  const { bases, segments, problems } = await verifyBackup(folder);
  for (const problem of problems) around.say(`  - ${problem}\n`);
  around.say(
    problems.length > 0
      ? `DAMAGED: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}.\n`
      : `${bases.length} base backups and ${segments} pieces of the log can be read to their ends, none is missing.\n`,
  );
  return problems.length > 0 ? 1 : 0;
}

async function restore(
  folder: BackupFolder,
  { until, to }: { until?: string | undefined; to?: string | undefined },
  around: BackupSurroundings,
): Promise<0> {
  const at = until === undefined ? undefined : new Date(until);
  if (at && Number.isNaN(at.getTime())) throw unreadable(`"${until}" is no time. Write it like 2026-11-22T09:30:00Z.`);
  if (around.external && to === undefined) {
    const words =
      'DATABASE_URL is set, so DATA_DIR holds no database. Give a folder with --to, or take DATABASE_URL away.';
    throw new KnownError('misconfigured', 'restore beside an external database', words);
  }
  const dataDir = to ?? around.dataDir;
  const base = await restoreBackup(folder, { target: path.join(dataDir, 'postgres'), ...(at && { until: at }) });
  around.say(
    `Restored ${base.name} and the log after it into ${dataDir}.\n` +
      'It starts held: what left since is looked up at the gateways, and an admin releases it with /rescue status.\n',
  );
  return 0;
}

async function mark(around: BackupSurroundings): Promise<0> {
  const { db, close } = await around.database();
  try {
    await markRestored(db.system);
  } finally {
    await close();
  }
  around.say('Marked. At the next start nothing is sent by itself until an admin releases it with /rescue status.\n');
  return 0;
}

function placeOf(folder: string | undefined): string {
  if (folder === undefined) throw unreadable('Say in which folder the backup is, or set BACKUP_DIR.');
  return path.resolve(folder);
}

function understood(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw unreadable(`${(error as Error).message.split('. ')[0]}.`);
  }
}

function unreadable(message: string): KnownError {
  return new KnownError('validation_error', 'the backup command is not understood', `${message}\n\n${USAGE}`.trimEnd());
}
