import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { AppOptions } from '../../src/app.ts';
import { builtProduct } from './build.ts';

type ProcessOptions = Pick<
  AppOptions,
  'config' | 'role' | 'settings' | 'masterKeys' | 'auditKey' | 'slack' | 'twilio'
> & {
  httpTimeoutMs: number;
};

/** A process of the product that can be treated badly. */
export interface AppProcess {
  readonly role: ProcessOptions['role'];
  /** Its number among the workers: the owner of its claims. */
  readonly worker: number;
  readonly running: boolean;
  /** What it has logged, the last lines. */
  output(): string;
  /** Ends it as a power cut would. Resolves when it is gone. */
  kill9(): Promise<void>;
  /** Stops it in the middle of whatever it does, without its knowing. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Asks it to end. Resolves with the exit code and how long it took, in ms. */
  stop(): Promise<{ code: number | null; ms: number }>;
}

const ENTRY = path.join(import.meta.dirname, 'process-entry.js');
const KEPT_OUTPUT = 20_000;
/** The machine may be busy. */
const START_MS = 180_000;

/** Starts a process and waits until it works. */
export async function startProcess(options: ProcessOptions): Promise<AppProcess> {
  const folder = path.join(await builtProduct(), 'dist');
  const child = spawn(process.execPath, [ENTRY, folder, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // it was killed: nobody reads
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const worker = await ready(child, () => output);

  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    role: options.role,
    worker,
    get running() {
      return !isGone();
    },
    output: () => output,
    async kill9() {
      child.kill('SIGKILL');
      await gone;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      const since = performance.now();
      child.kill('SIGTERM');
      await gone;
      return { code: child.exitCode, ms: performance.now() - since };
    },
  };
}

function ready(child: ChildProcess, output: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`the process ${why} while starting:\n${output()}`));
    };
    const timer = setTimeout(() => fail('hung'), START_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
    child.stdout?.on('data', () => {
      const line = /^\{"ready":(\d+)\}$/m.exec(output());
      if (!line) return;
      clearTimeout(timer);
      resolve(Number(line[1]));
    });
  });
}
