import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DateTime } from 'luxon';
import { newSigningKey } from '../../../src/audit/index.ts';
import { readConfig } from '../../../src/config.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { startProduct } from '../../../src/product.ts';
import type { Act, ActAnswer, Entities, Lead, Patch, Text } from '../../../src/sandbox/wire.ts';
import { newFolder } from '../../support/build.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { freePort } from '../../support/free-port.ts';
import { PICTURES } from '../../support/pictures.ts';
import { texts } from '../../support/texts.ts';

/*
 * The product as a demo, played and watched over the HTTP interface of its page: what people do there, and what they see.
 * It runs in the test's process; that it starts and ends as a program is shown by `acceptance/start.test.ts`.
 */

export const SOFIA = 'U0SOFIA';
export const ANNA = '+46701740650';
/** Longest wait for anything; the machine may be busy. */
const PATIENCE_MS = 15_000;
/** Each look reads everything from the database. */
const LOOK_MS = 80;

export interface Stage {
  readonly origin: string;
  readonly database: TestDatabase;
  /** Does something at the page; fails with the page's words when it was refused. */
  act(act: Act): Promise<ActAnswer>;
  /** What the page answers to anything. */
  post(body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Everything shown now. */
  state(): Promise<Shown>;
  /** Looks until there is something. */
  until<T>(what: string, look: (shown: Shown) => T | undefined | false): Promise<T>;
  /** Opens the page's stream. */
  follow(): Promise<Page>;
  /** Logs a drive in Slack as Sofia; what is not given is a valid Anna. */
  drive(name?: string, mobile?: string): Promise<void>;
  /** Turns to the next Monday, 10:30 in Stockholm. */
  toMonday(): Promise<void>;
  /** Ends it. */
  close(): Promise<void>;
}

/** A stream as a page reads it. */
export interface Page {
  readonly patches: Patch[];
  readonly shown: Shown;
  /** Waits until what is shown holds. */
  until<T>(what: string, look: (shown: Shown) => T | undefined | false): Promise<T>;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  leave(): void;
}

/** The page's map, read by kind. */
export class Shown {
  readonly entries: Map<string, unknown>;

  constructor(entries: Map<string, unknown>) {
    this.entries = entries;
  }

  apply(patch: Patch): void {
    if (patch.fresh) this.entries.clear();
    for (const [key, value] of Object.entries(patch.put)) {
      if (value === null) this.entries.delete(key);
      else this.entries.set(key, value);
    }
  }

  one<K extends keyof Entities>(kind: K, id?: string): Entities[K] | undefined {
    return this.entries.get(id === undefined ? kind : `${kind}/${id}`) as Entities[K] | undefined;
  }

  all<K extends keyof Entities>(kind: K, under = ''): Entities[K][] {
    const keys = [...this.entries.keys()].filter((key) => key.startsWith(`${kind}/${under}`));
    return keys.map((key) => this.entries.get(key) as Entities[K]);
  }

  lead(name: string): Lead {
    const found = this.all('lead').find((lead) => lead.name === name);
    if (!found) throw new Error(`no lead ${name}`);
    return found;
  }

  texts(number: string): Text[] {
    return this.all('text').filter((text) => text.number === number);
  }

  /** Where things stand, for whoever reads a failure. */
  summary(): string {
    const leads = this.all('lead').map(({ name, state, steps }) => ({
      name,
      state,
      steps: steps.map((step) => step.words),
    }));
    const texts = this.all('text').map(({ number, channel, status, body }) => [
      number,
      channel,
      status,
      body.slice(0, 40),
    ]);
    return JSON.stringify({ clock: this.one('clock'), leads, texts, violations: this.all('violation') }, null, 1);
  }

  modal(user = SOFIA) {
    return this.one('modal', user)?.at(-1);
  }
}

/** Starts a demo. `page`: files of the built page, by name; without them there is none. */
export async function openStage(changes: { page?: Record<string, string> } = {}): Promise<Stage> {
  const database = await freshDatabase();
  const folder = newFolder('stage');
  const page = path.join(folder, 'page');
  for (const [name, content] of Object.entries(changes.page ?? {})) {
    const file = path.join(page, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const clean = async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  };
  const product = await startProduct({
    config: readConfig({ PORT: String(port), DATA_DIR: folder }),
    role: 'all',
    settings: database.settings,
    masterKeys: `k1:${randomBytes(32).toString('base64')}`,
    auditKey: newSigningKey(),
    log: createLogger('silent'),
    texts: texts(),
    pictures: PICTURES,
    page,
  }).catch(async (error) => {
    await clean();
    throw error;
  });

  async function post(body: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${origin}/sandbox/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async function act(done: Act): Promise<ActAnswer> {
    const { status, body } = await post(done);
    if (status !== 200) throw new Error(String(body.error));
    return body;
  }

  async function state(): Promise<Shown> {
    const patch = (await (await fetch(`${origin}/sandbox/state`)).json()) as Patch;
    return new Shown(new Map(Object.entries(patch.put)));
  }

  async function until<T>(what: string, look: (shown: Shown) => T | undefined | false): Promise<T> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const shown = await state();
      const found = look(shown);
      if (found !== undefined && found !== false) return found;
      if (Date.now() > end) throw new Error(`never: ${what}\n${shown.summary()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  const stage: Stage = {
    origin,
    database,
    act,
    post,
    state,
    until,
    follow: () => follow(`${origin}/sandbox/stream`),
    async drive(name = 'Anna Karlsson', mobile = ANNA) {
      await act({
        act: 'slash',
        user: SOFIA,
        channel: 'C0GENERAL',
        command: '/drive',
        text: `${name} ${mobile} BMW X5`,
      });
      const { id } = await until('the form', (shown) => shown.modal());
      await act({ act: 'submit', user: SOFIA, view: id, values: { consent: true } });
      await until(`the lead ${name}`, (shown) => shown.all('lead').some((lead) => lead.name === name));
    },
    async toMonday() {
      const { now } = (await state()).one('clock') ?? { now: '' };
      const opening = { hour: 10, minute: 30, second: 0, millisecond: 0 };
      let target = DateTime.fromISO(now, { zone: 'Europe/Stockholm' }).set(opening);
      while (target.toMillis() <= Date.parse(now) || target.weekday !== 1) target = target.plus({ days: 1 });
      await act({ act: 'turn', to: { until: target.toJSDate().toISOString() } });
    },
    async close() {
      await product.stop();
      await clean();
    },
  };
  // an admin looks after the texts first, which lets WhatsApp approve them
  await stage.until(
    'approved texts',
    (shown) => shown.all('message').some(({ text }) => /approved/.test(text)) || undefined,
  );
  return stage;
}

async function follow(url: string): Promise<Page> {
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  if (response.status !== 200 || !response.body) throw new Error(`the stream answered ${response.status}`);
  const patches: Patch[] = [];
  const shown = new Shown(new Map());
  const watchers = new Set<() => void>();

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events.filter((each) => each.startsWith('data: '))) {
        const patch = JSON.parse(event.slice('data: '.length)) as Patch;
        patches.push(patch);
        shown.apply(patch);
        for (const watcher of [...watchers]) watcher();
      }
    }
  }

  const ended = read(response.body).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  const page: Page = {
    patches,
    shown,
    ended,
    until: (what, look) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(attempt);
          reject(new Error(`never: ${what}\n${shown.summary()}`));
        }, PATIENCE_MS);
        const attempt = () => {
          const found = look(shown);
          if (found === undefined || found === false) return;
          clearTimeout(timer);
          watchers.delete(attempt);
          resolve(found);
        };
        watchers.add(attempt);
        attempt();
      }),
    leave: () => leaving.abort(),
  };
  await page.until('the first patch', () => patches.length > 0 || undefined);
  return page;
}
