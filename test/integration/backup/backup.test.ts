import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createArchive, openFolder } from '../../../src/backup/index.ts';
import { opened, sealed } from '../../../src/backup/sealed-stream.ts';
import { courseOf, gaps, isOnCourse, isSegment, segmentOf } from '../../../src/backup/segments.ts';
import { answerBackup, type BackupSurroundings } from '../../../src/backup-command.ts';
import { archivingInto, joinEmbedded, startEmbedded } from '../../../src/db/index.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { createKeyring } from '../../../src/lib/secrets.ts';
import { until } from '../../support/until.ts';

const KEYS = createKeyring(`k1:${Buffer.alloc(32, 9).toString('base64')}`);
const OTHER = createKeyring(`k1:${Buffer.alloc(32, 8).toString('base64')}`);

async function bytesOf(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a sealed stream', () => {
  const write = (plain: Buffer, pieces = 1) => {
    const size = Math.max(1, Math.ceil(plain.length / pieces));
    const chunks = Array.from({ length: pieces }, (_, index) => plain.subarray(index * size, (index + 1) * size));
    return bytesOf(sealed(Readable.from(chunks), KEYS, 'a'));
  };
  const read = (bytes: Buffer, name = 'a', keys = KEYS) =>
    bytesOf(opened(Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), keys, name));
  const plain = Buffer.alloc(700_000, 'a customer');

  test.each([0, 1, 262_143, 262_144, 262_145, 700_000])('of %d bytes comes back as it was', async (length) => {
    const bytes = plain.subarray(0, length);
    expect((await read(await write(bytes, 3))).equals(bytes)).toBe(true);
  });

  test('shows nothing, and what was changed, cut off, moved, added or renamed is noticed', async () => {
    const bytes = await write(plain);
    expect(bytes.includes('customer')).toBe(false);
    const header = bytes.indexOf('\n') + 1;
    const frame = 4 + 262_144 + 16;
    const flipped = Buffer.from(bytes);
    flipped[header + 900] = (flipped[header + 900] ?? 0) ^ 1;
    const frames = [0, 1, 2].map((at) => bytes.subarray(header + at * frame, header + (at + 1) * frame)) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    const head = bytes.subarray(0, header);
    const damaged: [string, Buffer][] = [
      ['flipped', flipped],
      ['cut at a frame', Buffer.concat([head, frames[0], frames[1]])],
      ['cut in a frame', bytes.subarray(0, bytes.length - 5)],
      ['swapped', Buffer.concat([head, frames[1], frames[0], frames[2]])],
      ['doubled', Buffer.concat([bytes, frames[2]])],
      ['empty', Buffer.alloc(0)],
    ];
    for (const [what, each] of damaged) {
      await expect(read(each).catch((error) => Promise.reject(Object.assign(error, { what })))).rejects.toMatchObject({
        code: 'validation_error',
        what,
      });
    }
    await expect(read(bytes, 'b')).rejects.toMatchObject({ code: 'misconfigured' });
    await expect(read(bytes, 'a', OTHER)).rejects.toMatchObject({ code: 'misconfigured' });
  });
});

test('pieces of the log are named as PostgreSQL names them, and one that is missing is seen', () => {
  expect(segmentOf(1, '0/3000028')).toBe('000000010000000000000003');
  expect(segmentOf(2, '1A/FF000000')).toBe('000000020000001A000000FF');
  const around = [
    '0000000100000000000000FE',
    '0000000100000000000000FF',
    '000000020000000100000000',
    '00000002.history',
  ];
  expect(gaps('0000000100000000000000FE', around)).toEqual([]);
  expect(gaps('0000000100000000000000FD', around)).toEqual([0xfdn]);
  expect(gaps('0000000100000000000000FE', ['000000010000000100000001'])).toEqual([0xfen, 0xffn, 0x100n]);
});

test('after restores those pieces count that the newest timeline came by', () => {
  const course = courseOf(
    4,
    '1\t0/3000000\tno recovery target specified\n\n3\t0/5000028\tbefore 2026-11-22 09:30:00+00\n',
  );
  const counts = (timeline: number, place: number) => isOnCourse(segmentOf(timeline, `0/${place}000028`), course);
  const timelines = [1, 2, 3, 4];
  const counted = [2, 3, 4, 5, 6].map((place) => timelines.filter((timeline) => counts(timeline, place)));
  expect(counted).toEqual([[1], [3], [3], [4], [4]]);
  expect(courseOf(2, '')).toEqual({ newest: 2, earlier: [] });
});

describe('a database of its own', () => {
  const parent = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'leadrescue-backup-'));
  const dataDir = path.join(parent, 'data');
  const backupDir = path.join(parent, 'backup');
  const spool = path.join(dataDir, 'wal');
  const folder = openFolder(backupDir, KEYS);
  let server: Awaited<ReturnType<typeof startEmbedded>>;
  let between: Date;

  const said: string[] = [];
  const around = (changes: Partial<BackupSurroundings> = {}): BackupSurroundings => ({
    folder: backupDir,
    dataDir,
    external: false,
    open: (dir) => openFolder(dir, KEYS),
    server: () => joinEmbedded(path.join(dataDir, 'postgres')),
    database: () => Promise.reject(new Error('not asked for')),
    now: () => new Date(),
    say: (text) => void said.push(text),
    ...changes,
  });
  async function run(line: string, changes: Partial<BackupSurroundings> = {}) {
    said.length = 0;
    const code = await answerBackup(line.split(' '), around(changes));
    return { code, words: said.join('') };
  }
  async function ask<T>(settings: pg.ClientConfig, sql: string): Promise<T[]> {
    const client = new pg.Client(settings);
    await client.connect();
    try {
      return (await client.query(sql)).rows as T[];
    } finally {
      await client.end();
    }
  }
  const write = (words: string) => ask(server.connection('leadrescue'), `insert into notes values ('${words}')`);
  /** The notes of a restored data folder. */
  async function notesIn(to: string): Promise<string[]> {
    const copy = await startEmbedded(path.join(to, 'postgres'), undefined, { fsync: 'off' });
    try {
      const rows = await ask<{ note: string }>(copy.connection('leadrescue'), 'select note from notes order by 1');
      return rows.map(({ note }) => note);
    } finally {
      await copy.stop();
    }
  }

  beforeAll(async () => {
    chmodSync(parent, 0o755); // run by root, the server is another user and has to get in
    mkdirSync(spool, { recursive: true });
    chmodSync(spool, 0o777);
    const settings = { ...archivingInto(spool), wal_keep_size: 0, fsync: 'off' };
    server = await startEmbedded(path.join(dataDir, 'postgres'), undefined, settings, true);
    await ask(server.connection('leadrescue'), 'create table notes (note text)');
    await write('before');
    expect(await run('create')).toMatchObject({ code: 0 });
    await write('after');
    await new Promise((resolve) => setTimeout(resolve, 5)); // to the millisecond it is later than what was written
    between = new Date();
    await write('by mistake');
    await ask(server.superuser, 'select pg_switch_wal()');
    const archive = createArchive({ spool, folder, log: createLogger('silent') });
    await until(async () => (await archive.run()) > 0, 'a piece of the log');
    await server.stop();
    await archive.stop();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(parent, { recursive: true, force: true });
  });

  test('is restored as it was last, from the base and what was archived after it', async () => {
    const to = path.join(parent, 'last');
    expect((await run(`restore --to ${to}`)).code).toBe(0);
    expect(await notesIn(to)).toEqual(['after', 'before', 'by mistake']);
    expect(readdirSync(to)).toEqual(['postgres']); // no log in clear, and nothing that archives
  });

  test('is restored as it was then', async () => {
    const to = path.join(parent, 'then');
    expect((await run(`restore --until ${between.toISOString()} --to ${to}`)).code).toBe(0);
    expect(await notesIn(to)).toEqual(['after', 'before']);
  });

  test('is never restored over another one, nor half', async () => {
    const { code, words } = await run('restore');
    expect({ code, words }).toEqual({ code: 2, words: expect.stringContaining('is not empty') });
    expect(await run('restore --until 2020-01-01T00:00:00Z --to x')).toMatchObject({ code: 2 });
    const to = path.join(parent, 'future');
    const future = await run(`restore --until 2099-01-01T00:00:00Z --to ${to}`);
    expect(future).toEqual({ code: 2, words: expect.stringContaining('ends before that time') });
    expect(existsSync(path.join(to, 'postgres'))).toBe(false);
  });

  test('is restored again with what was written after it was restored', async () => {
    const first = path.join(parent, 'again', 'first');
    const backup = path.join(parent, 'again', 'backup');
    cpSync(backupDir, backup, { recursive: true });
    const again = openFolder(backup, KEYS);
    expect((await run(`restore ${backup} --until ${between.toISOString()} --to ${first}`)).code).toBe(0);
    const newSpool = path.join(first, 'wal');
    mkdirSync(newSpool);
    chmodSync(newSpool, 0o777);
    const copy = await startEmbedded(path.join(first, 'postgres'), undefined, {
      ...archivingInto(newSpool),
      fsync: 'off',
    });
    for (const note of ['in the second life', 'later in it']) {
      await ask(copy.connection('leadrescue'), `insert into notes values ('${note}')`);
      await ask(copy.superuser, 'select pg_switch_wal()');
    }
    await copy.stop();
    await createArchive({ spool: newSpool, folder: again, log: createLogger('silent') }).stop();

    const [base] = await again.bases();
    const undone = { ...base, name: 'undone', begunAt: '9', segment: '0000000100000000000000FF' }; // made after that time
    writeFileSync(path.join(backup, 'base', 'undone.json'), JSON.stringify(undone));
    const second = path.join(parent, 'again', 'second');
    expect((await run(`restore ${backup} --to ${second}`)).code).toBe(0);
    expect(await notesIn(second)).toEqual(['after', 'before', 'in the second life', 'later in it']);
    await again.removeBase('undone');
    expect((await run(`verify ${backup}`)).code).toBe(0);

    // a piece of the first life does not stand in for one of the second
    const pieces = await again.segments();
    const piece = pieces.filter((name) => isSegment(name) && name.startsWith('00000002')).at(0) ?? '';
    await again.removeSegment(piece);
    const verified = await run(`verify ${backup}`);
    expect(verified).toEqual({ code: 1, words: expect.stringContaining('missing') });
    await again.removeSegment('00000002.history');
    const third = path.join(parent, 'again', 'third');
    const refused = await run(`restore ${backup} --to ${third}`);
    expect(refused).toEqual({ code: 2, words: expect.stringContaining('00000002.history') });
    expect(await run(`verify ${backup}`)).toEqual({ code: 1, words: expect.stringContaining('00000002.history') });
    // what was before is reached all the same
    expect((await run(`restore ${backup} --until ${between.toISOString()} --to ${third}`)).code).toBe(0);
  });

  test('leaves nothing readable in the backup, and nothing in the spool', async () => {
    expect(readdirSync(spool)).toEqual([]);
    const wal = readdirSync(path.join(backupDir, 'wal'));
    expect(wal.length).toBeGreaterThan(0);
    for (const name of wal) {
      const bytes = readFileSync(path.join(backupDir, 'wal', name));
      expect(bytes.subarray(0, 8).toString()).toBe('LRB1 k1:');
    }
  });

  test('verify reads everything to its end, and names what is damaged or missing', async () => {
    expect(await run('verify')).toEqual({ code: 0, words: expect.stringContaining('1 base backups and') });
    const [base] = await folder.bases();
    const name = `${base?.segment}.sealed`;
    const file = path.join(backupDir, 'wal', name);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 1));
    const damaged = await run('verify');
    expect(damaged).toEqual({ code: 1, words: expect.stringContaining('was cut off') });
    rmSync(file);
    expect(await run('verify')).toEqual({ code: 1, words: expect.stringContaining('are missing') });
    writeFileSync(file, bytes);
    expect((await run('verify')).code).toBe(0);
  });

  test('says in words what is wrong with a command', async () => {
    expect(await run('crate')).toEqual({ code: 2, words: expect.stringContaining('There is no command "crate"') });
    expect(await run('verify', { folder: undefined })).toEqual({
      code: 2,
      words: expect.stringContaining('BACKUP_DIR'),
    });
    expect(await run('create', { external: true })).toEqual({
      code: 2,
      words: expect.stringContaining('DATABASE_URL'),
    });
    expect(await run('restore --until yesterday')).toEqual({ code: 2, words: expect.stringContaining('is no time') });
  });

  test('a newer backup may take the place of older ones, and of the log before it', async () => {
    const before = await folder.segments();
    expect((await run('create --keep 1')).code).toBe(0); // starts the server, which archives as before, and ends it
    await createArchive({ spool, folder, log: createLogger('silent') }).stop();
    const bases = await folder.bases();
    expect(bases.length).toBe(1);
    const after = await folder.segments();
    expect(after[0]).not.toBe(before[0]);
    expect((await run('verify')).code).toBe(0);
  });
});
