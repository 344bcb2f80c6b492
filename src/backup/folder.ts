import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { KnownError } from '../lib/errors.ts';
import type { Keyring } from '../lib/secrets.ts';
import { opened, sealed } from './sealed-stream.ts';

/*
 * What lies in a backup's folder: `base/<name>.sealed` with `base/<name>.json` beside it, which is written last and without
 * which it does not count; `wal/<segment>.sealed`, each finished piece of the write-ahead log. Nothing personal is readable.
 */

const info = z.strictObject({
  name: z.string(),
  /** When it was begun and done, ISO 8601: a restore begins with one that was done before the wanted time. */
  begunAt: z.string(),
  doneAt: z.string(),
  /** First piece of the write-ahead log that comes after it. */
  segment: z.string(),
  /** Bytes of the tar file, before compression. */
  bytes: z.int(),
  /** Major version of the server: files of another one cannot be read. */
  postgres: z.int(),
});
export type BaseInfo = z.infer<typeof info>;

export interface BackupFolder {
  /** Finished base backups, oldest first. Throws `not_found` when the folder is not there. */
  bases(): Promise<BaseInfo[]>;
  /** Seals a base backup; it counts once its info, asked for at the end, is written. */
  addBase(name: string, tar: Readable, about: (bytes: number) => Promise<BaseInfo>): Promise<BaseInfo>;
  readBase(name: string): AsyncIterable<Buffer>;
  removeBase(name: string): Promise<void>;
  /** Names of what is kept of the write-ahead log, in order. */
  segments(): Promise<string[]>;
  /** Keeps a piece of the write-ahead log. Throws `conflict` when another one of that name is kept. */
  addSegment(name: string, file: string): Promise<void>;
  readSegment(name: string): AsyncIterable<Buffer>;
  removeSegment(name: string): Promise<void>;
}

const SEALED = '.sealed';

export function openFolder(dir: string, keyring: Keyring): BackupFolder {
  const baseFile = (name: string) => path.join(dir, 'base', `${name}${SEALED}`);
  const infoFile = (name: string) => path.join(dir, 'base', `${name}.json`);
  const segmentFile = (name: string) => path.join(dir, 'wal', `${name}${SEALED}`);

  async function write(file: string, name: string, source: AsyncIterable<Buffer>): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const partial = `${file}.part`;
    const seal = (bytes: AsyncIterable<Buffer>) => sealed(bytes, keyring, name);
    await pipeline(source, createGzip({ level: 1 }), seal, createWriteStream(partial, { mode: 0o600, flush: true }));
    await rename(partial, file);
    await syncFolder(path.dirname(file));
  }

  async function* read(file: string, name: string): AsyncGenerator<Buffer> {
    const plain = createGunzip();
    const open = (bytes: AsyncIterable<Buffer>) => opened(bytes, keyring, name);
    const piping = pipeline(createReadStream(file), open, plain);
    piping.catch(() => {}); // told below, or by whoever reads on
    for await (const chunk of plain) yield chunk as Buffer;
    await piping;
  }

  return {
    async bases() {
      if (!existsSync(dir)) throw new KnownError('not_found', 'no backup folder', `There is no folder ${dir}.`);
      const names = await list(path.join(dir, 'base'), '.json');
      const found = await Promise.all(
        names.map(async (name) => info.parse(JSON.parse(await readFile(infoFile(name), 'utf8')))),
      );
      return found.sort((a, b) => (a.begunAt < b.begunAt ? -1 : 1));
    },
    async addBase(name, tar, about) {
      let bytes = 0;
      async function* counted() {
        for await (const chunk of tar) {
          bytes += (chunk as Buffer).length;
          yield chunk as Buffer;
        }
      }
      await write(baseFile(name), `base/${name}`, counted());
      const base = await about(bytes);
      await writeFile(`${infoFile(name)}.part`, `${JSON.stringify(base, null, 2)}\n`, { flush: true });
      await rename(`${infoFile(name)}.part`, infoFile(name));
      await syncFolder(path.join(dir, 'base'));
      return base;
    },
    readBase: (name) => read(baseFile(name), `base/${name}`),
    async removeBase(name) {
      await rm(infoFile(name), { force: true });
      await rm(baseFile(name), { force: true });
    },
    segments: () => list(path.join(dir, 'wal'), SEALED),
    async addSegment(name, file) {
      if (!existsSync(segmentFile(name))) return write(segmentFile(name), `wal/${name}`, createReadStream(file));
      // kept before, and its writer did not live to hear of it
      const known = await whole(read(segmentFile(name), `wal/${name}`));
      if (known.equals(await readFile(file))) return;
      const words = `${segmentFile(name)} is of another server. Give each server a backup folder of its own.`;
      throw new KnownError('conflict', 'two servers in one backup folder', words);
    },
    readSegment: (name) => read(segmentFile(name), `wal/${name}`),
    removeSegment: (name) => rm(segmentFile(name), { force: true }),
  };
}

async function list(folder: string, suffix: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix));
  return files.map((file) => file.slice(0, -suffix.length)).sort();
}

async function whole(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A name is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
