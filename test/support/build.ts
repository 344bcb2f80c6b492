import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { transform } from '@swc/core';
import { until } from './until.ts';

/*
 * The product as JavaScript, for tests that start it as a program. It is built once for each run (types are checked
 * elsewhere), because a start through a loader takes twice as long.
 */

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A folder of its own under the temporary folder, where other users may enter. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), `leadrescue-${name}-`));
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
    await until(() => existsSync(path.join(folder, 'dist')), 'the build', 60_000);
    return folder;
  }
  if (existsSync(path.join(folder, 'dist'))) return folder;
  await compile(path.join(ROOT, 'src'), path.join(unfinished, 'dist'));
  linkBeside(unfinished);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, folder);
  mkdirSync(unfinished); // who comes later finds the work taken
  return folder;
}

/** Without checking types; `./a.ts` becomes `./a.js`, an option that the types of swc do not know yet. */
const COMPILER = {
  parser: { syntax: 'typescript' as const },
  target: 'es2022' as const,
  rewriteRelativeImportExtensions: true,
};

async function compile(from: string, to: string): Promise<void> {
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const { code } = await transform(readFileSync(path.join(from, name), 'utf8'), {
      swcrc: false,
      configFile: false,
      filename: name,
      jsc: COMPILER,
      module: { type: 'es6' },
    });
    const file = path.join(to, name.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
}
