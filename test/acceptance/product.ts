import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { transform } from '@swc/core';

/*
 * The product as a checker has it who never saw its code: a program with an environment, an address and an output. It is
 * built once for each run (types are checked elsewhere), because a start through a loader takes twice as long.
 */

const ROOT = path.resolve(import.meta.dirname, '../..');
const RUNS = /LeadRescue is running: (\S+)/;

export type Environment = Record<string, string>;

export interface Product {
  readonly origin: string;
  readonly process: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  /** Milliseconds from the start to the line with the address. */
  readonly startedInMs: number;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
  ms: number;
}

export interface Build {
  /** Starts it and waits for the line with the address; throws with the output when it ends before. */
  start(env: Environment, options?: LaunchOptions): Promise<Product>;
  /** Starts it and waits until it has ended by itself. */
  run(env: Environment, options?: LaunchOptions): Promise<Ended>;
  /** The folder that was built: readable for everybody. */
  readonly folder: string;
  /** Kills what is left, and removes a copy of one's own. */
  remove(): void;
}

interface LaunchOptions {
  args?: readonly string[];
  /** Another user; needs to be root. */
  uid?: number;
}

/** Looks again and again until there is something; fails with `what` after `withinMs`. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string | (() => string),
  withinMs = 8000,
): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** A folder of its own under the temporary folder, where other users may enter. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), `leadrescue-${name}-`));
  chmodSync(folder, 0o755); // started by root, PostgreSQL runs as somebody else
  return folder;
}

/** `own`: a copy that the test may add files to. */
export async function build(own?: 'own'): Promise<Build> {
  const shared = await built();
  const folder = own ? newFolder('own-build') : shared;
  if (own) {
    cpSync(path.join(shared, 'dist'), path.join(folder, 'dist'), { recursive: true });
    link(folder);
  }
  const children: ChildProcess[] = [];

  function launch(env: Environment, { args = [], uid }: LaunchOptions = {}) {
    const child = spawn(process.execPath, [path.join(folder, 'dist/main.js'), ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid !== undefined && { uid, gid: uid }),
    });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
    }
    const started = Date.now();
    const ended = new Promise<Ended>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal, output, ms: Date.now() - started }));
    });
    return { child, ended, started, output: () => output };
  }

  return {
    folder,
    async start(env, options) {
      const { child, ended, started, output } = launch(env, options);
      const gone = ended.then(({ code }) => {
        throw new Error(`it ended with code ${code}:\n${output()}`);
      });
      gone.catch(() => {}); // it ends in every test, once it has run
      const address = await Promise.race([gone, until(() => RUNS.exec(output())?.[1], output, 40_000)]);
      return {
        origin: address,
        process: child,
        output,
        startedInMs: Date.now() - started,
        async end(signal) {
          const since = Date.now();
          child.kill(signal);
          return { ...(await ended), ms: Date.now() - since };
        },
      };
    },
    run: (env, options) => launch(env, options).ended,
    remove() {
      for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      if (own) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the build finds beside it. */
function link(folder: string): void {
  for (const name of ['node_modules', 'conversations', 'prompts', 'migrations', 'package.json']) {
    symlinkSync(path.join(ROOT, name), path.join(folder, name));
  }
}

/** The folder that the whole run shares: whoever comes first builds it, the others wait. */
async function built(): Promise<string> {
  const folder = process.env.TEST_BUILD ?? newFolder('acceptance');
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
  link(unfinished);
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
