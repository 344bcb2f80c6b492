import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { isCurrent } from '../../scripts/sources.ts';
import { until } from './until.ts';

/*
 * The product as `npm run build` makes it, for tests that start it as a program. What was built from the sources as they are is
 * taken as it is, else it is built once for each run; types are checked elsewhere.
 */

const ROOT = path.resolve(import.meta.dirname, '../..');
const BUNDLER = path.join(import.meta.dirname, 'bundle-process.ts');

/** What a start does not need: the page, maps, what Node has compiled. */
const BESIDE = /^(page|compiled)|\.map$/;

/** A folder of its own where other users may enter; in memory, where there is some, so that databases in it wait for no disk. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), `leadrescue-${name}-`));
  chmodSync(folder, 0o755); // started by root, PostgreSQL runs as somebody else
  return folder;
}

/** What the build finds beside it. */
export function linkBeside(folder: string): void {
  for (const name of ['node_modules', 'conversations', 'prompts', 'migrations', 'package.json']) {
    symlinkSync(path.join(ROOT, name), path.join(folder, name));
  }
}

/** The folder that the whole run shares: whoever comes first builds it, the others wait. */
export async function builtProduct(): Promise<string> {
  const folder = process.env.TEST_BUILD ?? newFolder('build');
  const unfinished = `${folder}.unfinished`;
  try {
    mkdirSync(unfinished);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await until(() => existsSync(path.join(folder, 'dist')), 'the build', 150_000);
    return folder;
  }
  if (existsSync(path.join(folder, 'dist'))) return folder;
  const [own, made] = [path.join(ROOT, 'dist'), path.join(unfinished, 'dist')];
  // a process of its own: what the bundler holds in memory, and its threads, would stay with this worker
  if (isCurrent(own)) cpSync(own, made, { recursive: true, filter: (file) => !BESIDE.test(path.relative(own, file)) });
  else await promisify(execFile)(process.execPath, ['--import', 'tsx', BUNDLER, made], { cwd: ROOT });
  linkBeside(unfinished);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, folder);
  mkdirSync(unfinished, { recursive: true }); // who comes later finds the work taken
  return folder;
}
