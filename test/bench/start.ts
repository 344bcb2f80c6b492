import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundle } from '../../scripts/bundle.ts';
import { linkBeside } from '../support/build.ts';
import { freePort } from '../support/free-port.ts';
import { readable } from './numbers.ts';
import { atMost, type Line } from './report.ts';

export interface StartResult {
  /** From starting the program to the first answered request, ms: the very first start, and the later ones. */
  first: number;
  later: number[];
  /** Resident memory of the program at rest, MiB, without the database server's. */
  rest: number;
}

/** How long it is left alone before its memory is looked at. */
const REST_MS = 15_000;
const PATIENCE_MS = 60_000;

/** The built program with its embedded database and stand-ins, as `npm start` runs it; a first start makes the database. */
export async function benchStart(options: { rounds: number; log(line: string): void }): Promise<StartResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'leadrescue-bench-start-'));
  chmodSync(folder, 0o755); // started by root, the database server is somebody else, who has to get in
  try {
    options.log('building');
    await bundle({ outDir: path.join(folder, 'dist'), sourceMaps: true });
    linkBeside(folder);
    const first = await run(folder, 0);
    const later: number[] = [];
    let rest = Number.NaN;
    for (let round = 1; round <= options.rounds; round++) {
      const last = round === options.rounds;
      const result = await run(folder, last ? REST_MS : 0);
      later.push(result.ms);
      rest = result.rest;
    }
    options.log(`start: ${readable(first.ms)} ms, later ${later.map(readable).join(', ')} ms, ${readable(rest)} MiB`);
    return { first: first.ms, later, rest };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(folder: string, restMs: number): Promise<{ ms: number; rest: number }> {
  const port = await freePort();
  const from = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', path.join(folder, 'dist/main.js')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: path.join(folder, 'data'),
      PORT: String(port),
      LOG_LEVEL: 'error',
    },
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`the program ended with code ${child.exitCode} while starting`);
      if (performance.now() - from > PATIENCE_MS) throw new Error('the program does not start');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const ms = performance.now() - from;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    return { ms, rest: await residentMiB(child.pid ?? 0) };
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/readyz`)
    .then((response) => response.ok)
    .catch(() => false);

async function residentMiB(pid: number): Promise<number> {
  const ps = spawn('ps', ['-o', 'rss=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of ps.stdout) text += chunk;
  return Number(text) / 1024;
}

const MAX_START_MS = 3000;
const MAX_REST_MIB = 200;

export function startLines({ first, later, rest }: StartResult): Line[] {
  const worst = Math.max(...later);
  return [
    { bench: 'start', what: 'first start, which makes the database', figure: `${readable(first)} ms` },
    {
      bench: 'start',
      what: 'start to the first answered request, embedded database',
      figure: `${readable(worst)} ms (the slowest of ${later.length})`,
      target: `< ${MAX_START_MS} ms`,
      ...atMost(worst, MAX_START_MS),
    },
    {
      bench: 'start',
      what: 'memory at rest',
      figure: `${readable(rest)} MiB`,
      target: `< ${MAX_REST_MIB} MiB`,
      ...atMost(rest, MAX_REST_MIB),
    },
  ];
}
