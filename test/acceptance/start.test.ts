import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { whyNot } from '../../src/ending.ts';
import { launch } from '../../src/launch.ts';
import { createLogger } from '../../src/lib/logger.ts';
import type { Act, Clock, OpenView, Patch, Text } from '../../src/sandbox/wire.ts';
import { newFolder } from '../support/build.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { signature } from './carrier.ts';
import { type Build, build, type Environment, type Product } from './product.ts';
import { urlOf } from './shop.ts';

jest.setTimeout(60_000); // another program is started and waited for

let made: Build;
let database: TestDatabase;
let second: TestDatabase;
beforeAll(async () => {
  made = await build();
  database = await freshDatabase();
  second = await freshDatabase();
});
afterAll(async () => {
  made?.remove();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await Promise.all([database?.drop(), second?.drop()]);
});

const folders: string[] = [];
/** Removed when all is over. */
function folderFor(name: string): string {
  const folder = newFolder(name);
  folders.push(folder);
  return folder;
}

const key = () => `k1:${randomBytes(32).toString('base64')}`;
const auditKey = () =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const status = async (product: Product, url: string) => (await fetch(product.origin + url)).status;

/** Everything a real installation sets; the services themselves are not there. */
const real = (more: Environment = {}): Environment => ({
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PUBLIC_URL: 'https://leads.example.com',
  DATABASE_URL: urlOf(database.settings),
  MASTER_KEYS: key(),
  AUDIT_SIGNING_KEY: auditKey(),
  SLACK_BOT_TOKEN: 'xoxb-secret-token',
  SLACK_SIGNING_SECRET: 'signing-secret',
  SLACK_API_URL: 'http://127.0.0.1:9/api/',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'twilio-secret',
  TWILIO_SMS_FROM: '+46701740600',
  TWILIO_API_URL: 'http://127.0.0.1:9',
  ...more,
});

/** What a start says that comes to nothing. That a program says so and ends with 1 is seen of some. */
async function refusal(env: Environment): Promise<string> {
  const closers: (() => Promise<void>)[] = [];
  try {
    await launch('all', readConfig(env), createLogger('silent'), closers);
  } catch (error) {
    return whyNot(error);
  } finally {
    for (const close of closers.reverse()) await close();
  }
  throw new Error('it starts');
}

async function asAdmin(sql: string): Promise<void> {
  const admin = new pg.Client({ ...database.settings, user: 'postgres' });
  await admin.connect();
  await admin.query(sql).finally(() => admin.end());
}

describe('what is wrong is said at once, in words, with the name of the variable', () => {
  test('everything together', async () => {
    const { code, output } = await made.run({
      PORT: '99999',
      PUBLIC_URL: 'leads',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://x',
      MONGODB_URI: 'x',
      MASTER_KEYS: 'k1:short',
      SLACK_SIGNING_SECRET: 's',
      TWILIO_ACCOUNT_SID: 'SK1',
      TWILIO_SMS_FROM: '0701740600',
      TWILIO_API_URL: 'nowhere',
    });
    expect(code).toBe(1);
    const names = [
      'PORT',
      'PUBLIC_URL',
      'LOG_LEVEL',
      'DATABASE_URL',
      'MONGODB_URI',
      'MASTER_KEYS',
      'SLACK_BOT_TOKEN',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_SMS_FROM',
      'TWILIO_API_URL',
    ];
    for (const name of names) expect(output).toContain(`- ${name} `);
    expect(output).not.toMatch(/\n\s+at /);
  });

  test('production runs on nothing that was made up', async () => {
    const output = await refusal({ NODE_ENV: 'production' });
    for (const name of ['MASTER_KEYS', 'AUDIT_SIGNING_KEY', 'PUBLIC_URL', 'SLACK_BOT_TOKEN', 'TWILIO_ACCOUNT_SID']) {
      expect(output).toContain(`- ${name} is missing`);
    }
  });

  test.each(['postgres', 'bypasser'])(
    'production refuses a login that row security does not bind: %s',
    async (role) => {
      if (role === 'bypasser')
        await asAdmin(`drop role if exists bypasser; create role bypasser login bypassrls in role leadrescue`);
      const output = await refusal(real({ DATABASE_URL: urlOf(database.settings, role) }));
      expect(output).toContain('DATABASE_URL');
      expect(output).toContain(`"${role}"`);
      expect(output).not.toMatch(/\n\s+at |secret/);
    },
  );

  test('a text that was changed after the build', async () => {
    const own = await build('own');
    const conversations = path.join(own.folder, 'conversations');
    const shipped = realpathSync(conversations);
    rmSync(conversations);
    cpSync(shipped, conversations, { recursive: true });
    const file = path.join(conversations, 'test-drive/templates/sv.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('samples:', 'sample:'));
    const { code, output } = await own.run(real());
    own.remove();
    expect(code).toBe(1);
    expect(output).toContain('test-drive/templates/sv.yaml');
    expect(output).not.toMatch(/\n\s+at /);
  });

  test('a database that does not answer', async () => {
    const { code, output } = await made.run(real({ DATABASE_URL: 'postgres://leadrescue:hidden@127.0.0.1:9/leads' }));
    expect(code).toBe(1);
    expect(output).toMatch(/^DATABASE_URL: .*ECONNREFUSED/);
    expect(output).not.toMatch(/hidden|\n\s+at /);
  });

  test('a folder that is none', async () => {
    expect(await refusal({ DATA_DIR: '/etc/hostname' })).toMatch(/DATA_DIR: \/etc\/hostname cannot be used/);
  });
});

describe('in production', () => {
  test('it starts although Slack and Twilio are down, has no sandbox, and goes on SIGTERM', async () => {
    const port = await freePort();
    const env = real({ PORT: String(port) });
    const product = await made.start(env);
    const here: Product = { ...product, origin: `http://127.0.0.1:${port}` };
    expect(product.output()).toContain('LeadRescue is running: https://leads.example.com\n');
    expect(await status(here, '/healthz')).toBe(200);
    expect(await status(here, '/readyz')).toBe(503);
    for (const [url, body] of [
      ['/sandbox/clock', '{"advance":"P1D"}'],
      ['/sandbox/act', '{"act":"turn","to":"real"}'],
    ] as const) {
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
      expect((await fetch(`${here.origin}${url}`, init)).status).toBe(404);
    }
    for (const url of ['/', '/sandbox/stream', '/sandbox/state', '/sandbox/files/F1'])
      expect(await status(here, url)).toBe(404);
    // behind a proxy Twilio signs the public address, whatever the request looks like here
    const form = {
      ...{ MessageSid: 'SM1', AccountSid: env.TWILIO_ACCOUNT_SID ?? '', From: '+46701740650' },
      ...{ To: env.TWILIO_SMS_FROM ?? '', Body: 'Hello', NumMedia: '0' },
    };
    for (const [base, expected] of [
      [here.origin, 403],
      ['https://leads.example.com', 200],
    ] as const) {
      const signed = signature(env.TWILIO_AUTH_TOKEN ?? '', `${base}/webhooks/twilio/inbound`, form);
      const init = { method: 'POST', headers: { 'x-twilio-signature': signed }, body: new URLSearchParams(form) };
      expect((await fetch(`${here.origin}/webhooks/twilio/inbound`, init)).status).toBe(expected);
    }
    const ended = await product.end('SIGTERM');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.ms).toBeLessThan(10_000);
    expect(ended.output).not.toMatch(/xoxb-|twilio-secret|signing-secret/);

    const otherKey = await made.run({ ...env, MASTER_KEYS: key() });
    expect(otherKey.output).toBe('MASTER_KEYS: "k1" is not the key that stored data was encrypted with.\n');
  }, 90_000);
});

describe('with no environment at all but a port and a folder', () => {
  const folder = folderFor('home');
  const env: Environment = {};
  let product: Product;
  const pidFile = () => path.join(folder, 'postgres', 'postmaster.pid');
  const post = async (url: string, body: object) =>
    (await (
      await fetch(product.origin + url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json()) as Record<string, unknown>;
  const turn = async (advance: string) => Date.parse(String((await post('/sandbox/clock', { advance })).now));
  const act = (done: Act) => post('/sandbox/act', done);
  const shown = async () => ((await (await fetch(`${product.origin}/sandbox/state`)).json()) as Patch).put;
  /** What Anna's phone has received since this start. */
  const phone = async () =>
    Object.entries(await shown())
      .flatMap(([key, value]) => (key.startsWith('text/') ? [value as Text] : []))
      .filter(({ number }) => number === '+46701740650');
  async function drive(): Promise<void> {
    const user = 'U0SOFIA';
    const text = 'Anna Karlsson 0701740650 BMW X5';
    await act({ act: 'slash', user, channel: 'C0GENERAL', command: '/drive', text });
    const [form] = await until(async () => (await shown())[`modal/${user}`] as OpenView[], 'the form');
    expect(await act({ act: 'submit', user, view: form?.id ?? '', values: { consent: true } })).toEqual({});
    expect((await shown())[`modal/${user}`]).toBeUndefined();
  }

  beforeAll(async () => {
    Object.assign(env, { PORT: String(await freePort()), DATA_DIR: folder });
    product = await made.start(env);
  }, 90_000);

  test('it starts its own database and says where it is, in one line', async () => {
    expect(
      product
        .output()
        .trim()
        .split('\n')
        .filter((line) => line.includes('http')),
    ).toHaveLength(1);
    expect(product.origin).toBe(`http://127.0.0.1:${env.PORT}`);
    const page = await fetch(product.origin);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('LeadRescue');
    for (const url of ['/healthz', '/readyz']) expect(await status(product, url)).toBe(200);
    expect(await (await fetch(`${product.origin}/metrics`)).text()).toMatch(/^# HELP \w+/m);
  });

  test('a second start in the same folder, or on the same port, says what to do', async () => {
    const [folderTaken, portTaken] = await Promise.all([
      refusal({ ...env, PORT: String(await freePort()) }),
      made.run({ PORT: env.PORT ?? '', DATABASE_URL: urlOf(second.settings), DATA_DIR: folderFor('other') }),
    ]);
    expect(folderTaken).toContain('DATA_DIR');
    expect(portTaken.code).toBe(1);
    expect(portTaken.output).toMatch(/PORT: \d+ .*in use/);
    for (const output of [folderTaken, portTaken.output]) expect(output).not.toMatch(/\n\s+at /);
    expect(await status(product, '/healthz')).toBe(200);
  }, 90_000);

  /** The database server, and what watches over it. */
  const postmaster = () => Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
  const parentOf = (pid: number) =>
    Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));

  test('its demo plays the main job', async () => {
    await drive();
    await turn('PT17H');
    expect(await phone()).toEqual([
      expect.objectContaining({ channel: 'whatsapp', body: expect.stringContaining('Anna') }),
    ]);
  });

  test('after kill -9 of everything it comes back where it was, though the old pid belongs to somebody else now', async () => {
    const before = await turn('PT0S');
    for (const pid of [parentOf(postmaster()), postmaster()]) process.kill(pid, 'SIGKILL');
    await product.end('SIGKILL');
    for (const file of [pidFile(), path.join(path.dirname(pidFile()), '.s.PGSQL.5432.lock')]) {
      const [, ...rest] = readFileSync(file, 'utf8').split('\n');
      writeFileSync(file, [process.pid, ...rest].join('\n'));
    }
    product = await made.start(env);
    expect(await turn('P15D')).toBeGreaterThan(before + 14 * 86_400_000);
    expect(await phone()).toHaveLength(3);
    expect((await phone()).map(({ channel }) => channel)).toEqual(Array(3).fill('whatsapp'));
  }, 90_000);

  test('and when its database was left running', async () => {
    const before = await turn('PT0S');
    const [server, watch] = [postmaster(), parentOf(postmaster())];
    const beside = execFileSync('ps', ['-o', 'pid=', '--ppid', String(watch)], { encoding: 'utf8' });
    const others = beside.split('\n').map(Number);
    for (const pid of [watch, ...others]) if (pid > 0 && pid !== server) process.kill(pid, 'SIGKILL');
    await product.end('SIGKILL');
    expect(() => process.kill(server, 0)).not.toThrow();
    product = await made.start(env);
    expect(await turn('P30D')).toBeGreaterThan(before + 29 * 86_400_000);
    expect(await phone()).toEqual([]);
  }, 90_000);

  test('it is wiped and begins anew from its page, when asked twice and while the clock turns', async () => {
    await act({ act: 'mischief', kind: 'slow', on: true });
    await drive();
    const walk = act({ act: 'turn', to: { advance: 'P40D' } }).catch(() => ({}));
    await until(async () => ((await shown()).clock as Clock).turning, 'the clock turns');
    const stream = await fetch(`${product.origin}/sandbox/stream`);
    expect(await Promise.all([act({ act: 'reset' }), act({ act: 'reset' }).catch(() => ({}))])).toEqual([{}, {}]);
    await stream.text(); // ends
    await walk;
    const fresh = await until(async () => {
      const answer = await shown().catch(() => undefined); // nobody listens for a moment
      return answer && !Object.keys(answer).some((key) => key.startsWith('lead/')) ? answer : undefined;
    }, 'a fresh demo');
    expect(fresh.mischief).toEqual({ on: [] });
    expect((fresh.clock as Clock).offset).toBe(0);
    expect(await phone()).toEqual([]);
    await until(async () => (await status(product, '/readyz')) === 200, 'ready');
    await drive();
    await turn('PT17H');
    expect(await phone()).toHaveLength(1);
  }, 90_000);

  test('and goes within ten seconds when it is told to, while somebody looks at its page', async () => {
    const stream = await fetch(`${product.origin}/sandbox/stream`);
    const ended = await product.end('SIGTERM');
    await stream.text(); // ends
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.ms).toBeLessThan(10_000);
    expect(existsSync(pidFile())).toBe(false);
  }, 90_000);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot(
  'a user without rights starts it as well',
  async () => {
    const folder = folderFor('nobody');
    const nobody = 65_534;
    chownSync(folder, nobody, nobody);
    const product = await made.start({ PORT: String(await freePort()), DATA_DIR: folder }, { uid: nobody });
    expect(await status(product, '/readyz')).toBe(200);
    expect((await product.end('SIGTERM')).code).toBe(0);
  },
  90_000,
);
