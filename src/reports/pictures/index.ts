import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUILT, HOME } from '../../lib/home.ts';
import type { Drawing } from './drawing.ts';

export { type Drawing, drawingOf } from './drawing.ts';

/** Draws pictures in a process of their own, whose memory is given back with it. */
export interface Pictures {
  /** A PNG, 1200 pixels wide. Throws when it is not drawn within twenty seconds. */
  draw(drawing: Drawing): Promise<Buffer>;
  /** Ends the process; what is being drawn fails. */
  stop(): void;
}

const PATIENCE_MS = 20_000;
/** The process is replaced after so many pictures, and ended when nobody asks for so long. */
const PICTURES = 50;
const IDLE_MS = 60_000;

interface Waiting {
  resolve(png: Buffer): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

interface Draughtsman {
  child: ChildProcess;
  drawn: number;
  waiting: Map<number, Waiting>;
}

type Said = { id: number; png: Uint8Array } | { id: number; problem: string };

/** `home`: where a build is whose process draws; where it is not known, ours or from source. */
export function createPictures(options: { pictures?: number; patienceMs?: number; home?: string } = {}): Pictures {
  const { pictures = PICTURES, patienceMs = PATIENCE_MS, home = BUILT ? HOME : undefined } = options;
  let current: Draughtsman | undefined;
  let idle: NodeJS.Timeout | undefined;
  let serial = 0;

  function hire(): Draughtsman {
    const { file, execArgv } = entry(home);
    const env = { ...(process.env.PATH && { PATH: process.env.PATH }), MALLOC_ARENA_MAX: '2' };
    const child = fork(file, {
      execArgv,
      env,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const hired: Draughtsman = { child, drawn: 0, waiting: new Map() };
    child.on('message', (said: Said) => {
      const asked = take(hired, said.id);
      if ('png' in said) asked?.resolve(Buffer.from(said.png));
      else asked?.reject(new Error(`not drawn: ${said.problem}`));
      rest(hired);
    });
    child.on('error', () => leave(hired));
    child.on('exit', () => leave(hired));
    return hired;
  }

  function take({ waiting }: Draughtsman, id: number): Waiting | undefined {
    const asked = waiting.get(id);
    clearTimeout(asked?.timer);
    waiting.delete(id);
    return asked;
  }

  /** Nothing is asked of it: it holds nobody up, and goes when it has done enough or is not needed for long. */
  function rest(one: Draughtsman): void {
    if (one.waiting.size > 0) return;
    if (one !== current || one.drawn >= pictures) {
      leave(one);
      return;
    }
    one.child.unref();
    one.child.channel?.unref();
    clearTimeout(idle);
    idle = setTimeout(() => leave(one), IDLE_MS).unref();
  }

  function leave(one: Draughtsman): void {
    if (one === current) current = undefined;
    for (const id of [...one.waiting.keys()]) take(one, id)?.reject(new Error('not drawn: the process has ended'));
    if (one.child.exitCode === null && one.child.signalCode === null) one.child.kill('SIGKILL');
  }

  return {
    draw(drawing) {
      if (current && current.drawn >= pictures) current = undefined; // it finishes what it has and goes
      current ??= hire();
      const mine = current;
      mine.drawn++;
      mine.child.ref();
      mine.child.channel?.ref();
      clearTimeout(idle);
      const id = ++serial;
      return new Promise<Buffer>((resolve, reject) => {
        const timer = setTimeout(() => leave(mine), patienceMs);
        mine.waiting.set(id, { resolve, reject, timer });
        mine.child.send({ id, drawing }, (error) => error && take(mine, id)?.reject(error));
      });
    },
    stop() {
      clearTimeout(idle);
      if (current) leave(current);
    },
  };
}

/** The file of the process in a build; from source it is started with tsx, which is there for development. */
function entry(built: string | undefined): { file: string; execArgv: string[] } {
  const folder = 'reports/pictures';
  if (built !== undefined) return { file: path.join(built, 'dist', folder, 'child.js'), execArgv: ['--expose-gc'] };
  const file = path.join(HOME, 'src', folder, 'child.ts');
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { file, execArgv: ['--expose-gc', '--import', loader] };
}
