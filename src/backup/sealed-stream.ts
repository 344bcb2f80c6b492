import { createCipheriv, createDecipheriv } from 'node:crypto';
import { KnownError } from '../lib/errors.ts';
import type { Keyring } from '../lib/secrets.ts';

/*
 * A file of any size under AES-256-GCM, written and read as a stream. A first line holds the file's own key, wrapped by the
 * first master key and bound to the file's name; frames follow, each with a counted nonce and its tag. The last one says
 * that it is the last, so that a file that was cut off, or whose frames were moved, is noticed before its end is believed.
 *
 *   LRB1 <wrapped key>\n  then frames: 4 bytes length (highest bit: last), sealed bytes, 16 bytes tag
 */

const MAGIC = 'LRB1 ';
const FRAME = 256 * 1024;
const TAG = 16;
const LAST = 0x80000000;
/** Longer than any wrapped key. */
const HEADER = 1024;

const nonceOf = (frame: number) => {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(frame, 8);
  return nonce;
};

const placeOf = (name: string) => `backup/${name}`;

/** Seals a stream as the file `name`. */
export async function* sealed(source: AsyncIterable<Buffer>, keyring: Keyring, name: string): AsyncGenerator<Buffer> {
  const { key, wrapped } = keyring.create(placeOf(name));
  yield Buffer.from(`${MAGIC}${wrapped}\n`);
  let count = 0;
  const frame = (plain: Buffer, last: boolean) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE((plain.length | (last ? LAST : 0)) >>> 0);
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(count++)).setAAD(length);
    return Buffer.concat([length, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (; held.length > FRAME; held = held.subarray(FRAME)) yield frame(held.subarray(0, FRAME), false);
  }
  yield frame(held, true);
}

/**
 * Opens what `sealed` wrote under this name. Throws `validation_error` when it was changed, cut off or renamed, and
 * `misconfigured` when its master key is missing.
 */
export async function* opened(source: AsyncIterable<Buffer>, keyring: Keyring, name: string): AsyncGenerator<Buffer> {
  let key: Buffer | undefined;
  let held: Buffer = Buffer.alloc(0);
  let count = 0;
  let ended = false;
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (!key) {
      const end = held.indexOf('\n');
      if (end < 0 && held.length < HEADER) continue;
      const line = held.subarray(0, Math.max(end, 0)).toString();
      if (!line.startsWith(MAGIC)) throw damaged(name, 'it is no sealed file');
      key = keyring.unwrap(placeOf(name), line.slice(MAGIC.length));
      held = held.subarray(end + 1);
    }
    for (;;) {
      if (held.length < 4) break;
      const word = held.readUInt32BE();
      const length = word & ~LAST;
      if (length > FRAME) throw damaged(name, 'a frame is too long');
      if (held.length < 4 + length + TAG) break;
      if (ended) throw damaged(name, 'something follows its end');
      ended = word >= LAST;
      yield plainOf(held.subarray(0, 4 + length + TAG), key, count++, name);
      held = held.subarray(4 + length + TAG);
    }
  }
  if (!ended || held.length > 0) throw damaged(name, 'it was cut off');
}

function plainOf(frame: Buffer, key: Buffer, count: number, name: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(count));
  decipher.setAAD(frame.subarray(0, 4)).setAuthTag(frame.subarray(frame.length - TAG));
  try {
    return Buffer.concat([decipher.update(frame.subarray(4, frame.length - TAG)), decipher.final()]);
  } catch {
    throw damaged(name, 'it was changed');
  }
}

function damaged(name: string, why: string): KnownError {
  return new KnownError(
    'validation_error',
    `backup file ${name}: ${why}`,
    `The backup's file ${name} is damaged: ${why}.`,
  );
}
