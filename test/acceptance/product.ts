import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { builtProduct, linkBeside, newFolder } from '../support/build.ts';
import { until } from '../support/until.ts';

/*
 * The product as a checker has it who never saw its code: a program with an environment, an address and an output.
 */

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

/** `own`: a copy that the test may add files to. */
export async function build(own?: 'own'): Promise<Build> {
  const shared = await builtProduct();
  const folder = own ? newFolder('own-build') : shared;
  if (own) {
    cpSync(path.join(shared, 'dist'), path.join(folder, 'dist'), { recursive: true });
    linkBeside(folder);
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
