import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { fingerprint, newSigningKey, readSigningKey } from '../../../src/audit/index.ts';
import { answer } from '../../../src/audit-command.ts';
import { builtProduct } from '../../support/build.ts';
import { type LogWorld, openLog } from './log-world.ts';

let world: LogWorld;
let folder: string;
let ids: number[];

beforeAll(async () => {
  world = await openLog();
  folder = mkdtempSync(path.join(os.tmpdir(), 'leadrescue-audit-'));
  ids = await world.happen(4);
  await world.seal();
  ids.push(...(await world.happen(3)));
  await world.happen(1, world.other);
  await world.seal();
  await world.keep();
});
afterEach(() => world.back());
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

/** What the command says to a line of words; `files` are lines by name. `offline`: there is no database. */
async function audit(
  line: string,
  options: { files?: Record<string, string[]>; offline?: true; keys?: string[] } = {},
) {
  const said = { out: '', err: '' };
  const code = await answer(line.split(' ').filter(Boolean), {
    out: async (text) => {
      said.out += text;
    },
    err: async (text) => {
      said.err += text;
    },
    lines: (file) =>
      (async function* () {
        yield* options.files?.[file] ?? [];
      })(),
    text: (file) => options.files?.[file]?.join('\n'),
    open: async () => {
      if (options.offline) throw new Error('the database was asked for');
      return { db: world.db, keys: options.keys ?? [...world.key.trusted], close: async () => {} };
    },
    now: () => world.clock.now(),
  });
  return { code, ...said };
}

const change = () => world.tamper(`update events set actor = 'customer' where id = $1`, [ids[1]]);
const head = async () => {
  const { last } = await world.verify();
  return `${last?.size}:${last?.root}`;
};

describe('audit verify', () => {
  test('says of each log that it fits', async () => {
    const { code, out, err } = await audit('verify');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^Nordic Motors\n {2}7 events in 2 batches, sealed from 2026-11-23 09:30:[0-5]\d UTC to .* UTC\./,
    );
    expect(out).toContain(
      `  Newest head: ${await head()}\n  Batches 1 to 2 signed with ${fingerprint(world.key.publicKey)}\n`,
    );
    expect(out).toContain('Nothing was changed, removed, inserted, moved or cut off.\nElsewhere\n');
  });

  test('names what was tampered with, and ends with 1', async () => {
    await change();
    const { code, out } = await audit('verify --tenant Nordic');
    expect(code).toBe(1);
    expect(out).toContain(`TAMPERED WITH: 1 finding\n    - Event ${ids[1]} was changed after being sealed in batch 1.`);
    expect((await audit('verify --tenant else')).code).toBe(0);
  });

  test('says what is not sealed yet, and that nothing is', async () => {
    await world.happen(2);
    expect((await audit('verify --tenant Nordic')).out).toContain(' 2 newer events are not sealed yet.');
    await world.tamper('truncate seal_rounds cascade');
    const { code, out } = await audit('verify');
    expect(code).toBe(1);
    expect(out).toContain('No batch is there, though 9 events are');
  });

  test('trusts the configured key, or the one that is given', async () => {
    const stranger = readSigningKey(newSigningKey());
    const foreign = await audit('verify --tenant Nordic', { keys: [...stranger.trusted] });
    expect(foreign.code).toBe(1);
    expect(foreign.out).toContain(`not trusted here: ${fingerprint(world.key.publicKey)}`);
    const given = await audit(`verify --tenant Nordic --public-key ${world.key.publicKey}`, {
      keys: [...stranger.trusted],
    });
    expect(given.code).toBe(0);
    expect((await audit('verify', { keys: [] })).out).toContain('compare it with the one in your audit channel');
  });

  test('compares with a head that somebody has seen', async () => {
    expect(await audit(`verify --tenant Nordic --head ${await head()}`)).toMatchObject({ code: 0 });
    const later = await audit(`verify --tenant Nordic --head 9:${'ab'.repeat(32)}`);
    expect(later).toMatchObject({ code: 1 });
    expect(later.out).toContain(
      'The end of the log was cut off: the head you gave shows 9 events, and 7 are sealed here.',
    );
  });
});

describe('audit verify --file', () => {
  test('checks an export without a database, also with what npm says before it', async () => {
    const log = ['', '> leadrescue@0.1.0 audit', '> node dist/audit.js export', '', ...(await world.export())];
    const { code, out } = await audit('verify --file log', { files: { log }, offline: true });
    expect(code).toBe(0);
    expect(out).toMatch(/^Nordic Motors, exported 2026-11-23 .* UTC\n {2}7 events in 2 batches/);
    expect(out).toContain('as the log says itself');
    expect(
      (await audit(`verify --file log --public-key ${world.key.publicKey}`, { files: { log }, offline: true })).out,
    ).not.toContain('itself');
    expect(
      (
        await audit('verify --file log --public-key key.pem', {
          files: { log, 'key.pem': [world.key.publicKey] },
          offline: true,
        })
      ).code,
    ).toBe(0);
  });

  test('finds what was tampered with before the export, or in the file', async () => {
    await change();
    const log = await world.export();
    const { code, out } = await audit('verify --file log', { files: { log }, offline: true });
    expect(code).toBe(1);
    expect(out).toContain(`Event ${ids[1]} was changed`);
    expect((await audit('verify --file log', { files: { log: log.slice(0, -1) }, offline: true })).out).toContain(
      'not complete',
    );
  });
});

describe('audit prove', () => {
  test('hands out a proof that anybody can check', async () => {
    for (const id of ids) {
      const proof = await audit(`prove ${id}`);
      expect(proof.code).toBe(0);
      expect(proof.err).toContain(`was sealed in batch ${id < (ids[4] ?? 0) ? 1 : 2} of Nordic Motors`);
      const files = { proof: proof.out.split('\n') };
      const checked = await audit('verify --file proof', { files, offline: true });
      expect(checked.code).toBe(0);
      expect(checked.out).toContain(`is in the log of Nordic Motors, under the head ${await head()}.`);
    }
  });

  test('under the head of so many events', async () => {
    const proof = await audit(`prove ${ids[0]} --size 4`);
    expect(JSON.parse(proof.out)).toMatchObject({ position: 0, head: { size: 4, batch: 1 } });
    expect(await audit(`prove ${ids[5]} --size 4`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no such head'),
    });
  });

  test('a proof that was changed anywhere does not hold', async () => {
    const { out } = await audit(`prove ${ids[2]}`);
    const proof = JSON.parse(out);
    const forged = [
      { ...proof, event: { ...proof.event, actor: 'customer' } },
      { ...proof, position: 3 },
      { ...proof, path: proof.path.slice(1) },
      { ...proof, head: { ...proof.head, root: 'ab'.repeat(32) } },
      { ...proof, head: { ...proof.head, at: '2020-01-01T00:00:00.000Z' } },
      { ...proof, head: { ...proof.head, tenant: world.other.id } },
    ];
    for (const each of forged) {
      const checked = await audit('verify --file proof', { files: { proof: [JSON.stringify(each)] }, offline: true });
      expect(checked).toMatchObject({ code: 1, out: expect.stringContaining('NOT PROVEN') });
    }
    const stranger = readSigningKey(newSigningKey()).publicKey;
    const files = { proof: [out] };
    expect((await audit(`verify --file proof --public-key ${stranger}`, { files, offline: true })).code).toBe(1);
    const seen = `${proof.head.size}:${'ab'.repeat(32)}`;
    expect((await audit(`verify --file proof --head ${seen}`, { files, offline: true })).code).toBe(1);
  });

  test('there is none of what is not there, not sealed, or changed', async () => {
    expect(await audit('prove 999999')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no event 999999'),
    });
    const [open] = await world.happen();
    expect(await audit(`prove ${open}`)).toMatchObject({ code: 1, err: expect.stringContaining('not sealed yet') });
    await change();
    expect(await audit(`prove ${ids[1]}`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('was changed after'),
    });
  });
});

describe('audit head and export', () => {
  test('shows the newest head of each log, with the key to check it', async () => {
    const { code, out } = await audit('head');
    expect(code).toBe(0);
    expect(out).toContain(`Nordic Motors\n  ${await head()}\n  batch 2, `);
    expect(out).toContain(`public key ${world.key.publicKey}`);
  });

  test('proves that it continues an older one', async () => {
    const { out } = await audit('head --tenant nordic --since 4');
    const checked = await audit('verify --file proof', { files: { proof: out.split('\n') }, offline: true });
    expect(checked).toMatchObject({
      code: 0,
      out: expect.stringContaining('with 7 events continues the one with 4 events'),
    });
    const proof = JSON.parse(out);
    const forged = { ...proof, path: ['ab'.repeat(32)] };
    expect(
      await audit('verify --file proof', { files: { proof: [JSON.stringify(forged)] }, offline: true }),
    ).toMatchObject({ code: 1 });
    expect(await audit('head --tenant nordic --since 3')).toMatchObject({ code: 1 });
  });

  test('the export is the log of one tenant', async () => {
    const { code, out } = await audit('export --tenant nordic');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').slice(1)).toEqual((await world.export()).slice(1)); // the first says when
  });
});

test.each([
  ['', 'Say what is to be done'],
  ['prove', 'Say the number of an event'],
  ['prove x', 'is not the number of an event'],
  ['verify now', 'That is too much: now'],
  ['verify --loud', "Unknown option '--loud'"],
  ['export', 'Say which log with --tenant'],
  ['export --tenant nobody', 'No tenant is called "nobody"'],
  [`verify --head 4:${'ab'.repeat(32)}`, 'say which with --tenant'],
  ['verify --head x', '--head takes the size and the root'],
  ['verify --public-key x', 'no Ed25519 key'],
  ['burn', 'There is no command "burn"'],
])('"%s" is not understood, says how it is written, and ends with 2', async (line, words) => {
  const { code, err } = await audit(line);
  expect(code).toBe(2);
  expect(err).toContain(words);
});

test('a file that is neither export nor proof is not understood', async () => {
  const files = { other: ['{"hello": "world"}'], empty: [] };
  expect(await audit('verify --file other', { files })).toMatchObject({
    code: 2,
    err: expect.stringContaining('neither'),
  });
  expect(await audit('verify --file empty', { files })).toMatchObject({
    code: 2,
    err: expect.stringContaining('is empty'),
  });
});

describe('the process', () => {
  const run = async (args: string[], env: Record<string, string> = {}) => {
    const entry = path.join(await builtProduct(), 'dist/audit.js');
    return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [entry, ...args], {
        env: { PATH: process.env.PATH ?? '', DATA_DIR: path.join(folder, 'none'), ...env },
      });
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk) => {
        said.out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        said.err += chunk;
      });
      child.once('close', (code) => resolve({ code, ...said }));
    });
  };

  test('checks a file on a machine that has nothing else, and reads the database where there is one', async () => {
    const file = path.join(folder, 'log.jsonl');
    writeFileSync(file, `${(await world.export()).join('\n')}\n`);
    const { host, user, database } = world.database.settings;
    const DATABASE_URL = `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
    const [offline, missing, online, nowhere] = await Promise.all([
      run(['verify', '--file', file, '--public-key', world.key.publicKey]),
      run(['verify', '--file', `${file}.gone`]),
      run(['verify', '--public-key', world.key.publicKey], { DATABASE_URL }),
      run(['verify']),
    ]);
    expect(offline).toMatchObject({ code: 0, out: expect.stringContaining('Nordic Motors, exported') });
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('There is no file') });
    expect(online).toMatchObject({ code: 0, out: expect.stringContaining('7 events in 2 batches') });
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('There is no database in') });
  });
});
