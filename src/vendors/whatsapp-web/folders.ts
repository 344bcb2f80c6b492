import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/*
 * Where a browser keeps a phone's session while it runs, in the clear: whoever reads it is linked to the phone. So a folder goes
 * with its connection, and what a killed process left goes when the next one starts.
 */

/** A connection saves its session every five minutes, which its folder shows. */
const ABANDONED_MS = 3_600_000;

const ours = (root: string): string => path.join(root, `${hostname()}-${process.pid}`);

/** Makes a folder for one connection of this process. */
export async function makeFolder(root: string): Promise<string> {
  await mkdir(ours(root), { recursive: true, mode: 0o700 });
  return mkdtemp(path.join(ours(root), 'phone-'));
}

/**
 * Removes what dead processes left below `root`; called before this process holds a phone, so what carries its own number is
 * a dead one's too. Returns how many processes left something.
 */
export async function sweepFolders(root: string): Promise<number> {
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  let swept = 0;
  for (const name of names) {
    const folder = path.join(root, name);
    if (!(await isDead(name, folder))) continue;
    await rm(folder, { recursive: true, force: true, maxRetries: 4 });
    swept++;
  }
  return swept;
}

async function isDead(name: string, folder: string): Promise<boolean> {
  const [, host, pid] = /^(.+)-(\d+)$/.exec(name) ?? [];
  if (host === undefined) return false; // nothing of ours
  if (host === hostname()) return Number(pid) === process.pid || !isRunning(Number(pid));
  // a folder that is shared with other machines or containers, whose processes cannot be seen from here
  const phones = await readdir(folder).catch(() => []);
  const written = await Promise.all(phones.map((phone) => stat(path.join(folder, phone)).catch(() => undefined)));
  return written.every((entry) => entry === undefined || Date.now() - entry.mtimeMs > ABANDONED_MS);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
