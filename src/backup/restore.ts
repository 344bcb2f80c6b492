import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NOT_ARCHIVING, type Runner, startEmbedded, takeFolder } from '../db/index.ts';
import { KnownError } from '../lib/errors.ts';
import { readCourse } from './course.ts';
import { POSTGRES } from './create.ts';
import type { BackupFolder, BaseInfo } from './folder.ts';
import { isSegment, placeOf } from './segments.ts';

export interface RestoreOptions {
  /** The embedded server's folder, which must not hold a database. */
  target: string;
  /** As it was then; without it, as it was last. */
  until?: Date;
  /** Settings of the server while it recovers (tests). */
  settings?: Record<string, string | number>;
}

/**
 * Makes a database from a backup: the newest base that was done by then, and the write-ahead log after it. The server that
 * recovers begins a new timeline, by which the product sees that this is a copy, and holds it. Throws `conflict` when there
 * is a database already, `not_found` when no backup is old enough, `validation_error` when a file is damaged.
 */
export async function restoreBackup(folder: BackupFolder, options: RestoreOptions): Promise<BaseInfo> {
  const base = await choose(folder, options.until);
  const { folder: target, runner } = takeFolder(options.target);
  if (readdirSync(target).length > 0) {
    const words = `${target} is not empty. Stop LeadRescue and move that folder away, or restore elsewhere with --to.`;
    throw new KnownError('conflict', 'there is something already', words);
  }
  const { folder: wal } = takeFolder(`${target}-restoring`);
  try {
    await unpack(folder.readBase(base.name), target, runner);
    await fetchLog(folder, base, wal);
    writeFileSync(path.join(target, 'recovery.signal'), '', { mode: 0o644 });
    const server = await startEmbedded(target, undefined, {
      ...NOT_ARCHIVING,
      restore_command: `cp "${wal}/%f" "%p"`,
      recovery_target_action: 'promote',
      ...(options.until && { recovery_target_time: options.until.toISOString().replace('T', ' ').replace('Z', '+00') }),
      ...options.settings,
    }).catch((cause: unknown) => {
      throw explain(cause);
    });
    await server.stop();
    return base;
  } catch (error) {
    // half a database would be taken for one
    rmSync(target, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(wal, { recursive: true, force: true });
  }
}

/**
 * The newest base that was done by then and from which the log goes on to its newest timeline. Where the way there is not kept,
 * the server would stop at the end of an older one and call that the end: only a time says whether it got as far as it should.
 */
async function choose(folder: BackupFolder, until: Date | undefined): Promise<BaseInfo> {
  const all = await folder.bases();
  const { bases, lost } = await readCourse(folder);
  const inTime = ({ doneAt }: BaseInfo) => until === undefined || Date.parse(doneAt) <= until.getTime();
  const base = bases.filter(inTime).at(-1) ?? (lost && until ? all.filter(inTime).at(-1) : undefined);
  if (!base && lost && all.some(inTime)) {
    const words =
      `This was restored before, and ${lost}, which says where the log went on, is not in the backup. Start the LeadRescue that ` +
      'was restored once more with BACKUP_DIR: it puts it there. Or give --until with a time before that restore.';
    throw new KnownError('not_found', 'the history of a timeline is missing', words);
  }
  if (!base) {
    const first = bases[0] ? ` The oldest was done at ${bases[0].doneAt}.` : '';
    const words = `There is no backup${until ? ` from before ${until.toISOString()}` : ''} in this folder.${first}`;
    throw new KnownError('not_found', 'no backup to restore', words);
  }
  if (base.postgres !== POSTGRES) {
    const words = `The backup is of PostgreSQL ${base.postgres}, this is ${POSTGRES}. Restore it with the version that made it.`;
    throw new KnownError('misconfigured', 'another PostgreSQL', words);
  }
  return base;
}

/** By the system's own tar, as the user that the server runs as: the files are its own then. */
async function unpack(tar: AsyncIterable<Buffer>, target: string, runner: Runner): Promise<void> {
  const child = spawn('tar', ['-xf', '-', '-C', target], { ...runner, stdio: ['pipe', 'ignore', 'pipe'], cwd: '/' });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const ended = once(child, 'close');
  const [result] = await Promise.allSettled([feed(tar, child.stdin), ended]);
  const [code] = (await ended) as [number | null];
  if (result.status === 'rejected') throw result.reason;
  if (code !== 0) throw new Error(`tar could not unpack the backup: ${said}`);
}

/**
 * Writes everything to a program that may hang up as soon as it has read the end of the archive, or because it failed, which
 * its exit code tells. Read is all of it: only the last bytes show that nothing was cut off.
 */
async function feed(tar: AsyncIterable<Buffer>, program: Writable): Promise<void> {
  const gone = new Promise<void>((resolve) => program.once('close', resolve).on('error', () => resolve()));
  for await (const chunk of tar) {
    if (program.destroyed || program.write(chunk)) continue;
    await Promise.race([gone, new Promise<void>((resolve) => program.once('drain', resolve))]);
  }
  program.end();
}

/** The log after the base, opened, where the recovering server finds it; its user must be able to read it. */
async function fetchLog(folder: BackupFolder, base: BaseInfo, wal: string): Promise<void> {
  const from = placeOf(base.segment);
  for (const name of await folder.segments()) {
    if (isSegment(name) && placeOf(name) < from) continue;
    await pipeline(folder.readSegment(name), createWriteStream(path.join(wal, name), { mode: 0o644 }));
  }
}

function explain(cause: unknown): Error {
  const said = cause instanceof Error ? cause.message : String(cause);
  if (!said.includes('recovery ended before configured recovery target')) return cause as Error;
  const words = 'The write-ahead log in this backup ends before that time. Leave --until away to restore all there is.';
  return new KnownError('not_found', 'the log ends before the wanted time', words, { cause });
}
