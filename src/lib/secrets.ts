import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';
import { KnownError } from './errors.ts';

/*
 * Envelope encryption (AES-256-GCM). A *master key* wraps *data keys*; a data key seals values. Every sealed value is
 * bound to where it lives (tenant, row, column), so that it cannot be moved to another row unnoticed.
 */

const IV = 12;
const TAG = 16;
const VERSION = 1;

/** Random bytes for the next values: asked for one by one they cost more than the sealing. */
const ivs = Buffer.alloc(IV * 256);
let ivsUsed = ivs.length;

/** An IV that was never used. */
function freshIv(): Buffer {
  if (ivsUsed === ivs.length) {
    randomFillSync(ivs);
    ivsUsed = 0;
  }
  const iv = Buffer.from(ivs.subarray(ivsUsed, ivsUsed + IV));
  ivsUsed += IV;
  return iv;
}

/** Seals bytes; `place` is what the value is bound to, for example `tenant/row/column`. */
export function seal(key: Buffer, place: string, plain: Buffer | string): Buffer {
  const iv = freshIv();
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(place));
  const data = typeof plain === 'string' ? Buffer.from(plain) : plain;
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

/** Opens a sealed value; throws when it was changed, or sealed for another place or with another key. */
export function open(key: Buffer, place: string, sealed: Buffer): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + IV + TAG) throw new Error('not a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + IV));
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([decipher.update(sealed.subarray(1 + IV, sealed.length - TAG)), decipher.final()]);
}

export interface Keyring {
  /** A fresh data key and its wrapped form, which is safe to store. */
  create(place: string): { key: Buffer; wrapped: string };
  /** Opens a wrapped data key with whichever master key wrapped it. */
  unwrap(place: string, wrapped: string): Buffer;
  /** The same data key wrapped by the first master key; null when it is already. */
  rewrap(place: string, wrapped: string): string | null;
  /** Name of the first master key; what it wrapped begins with it and a colon. */
  readonly current: string;
}

/** Master keys as configured, `id:base64,id:base64`; the first wraps new keys, all open old ones. */
export function createKeyring(masterKeys: string): Keyring {
  const keys = new Map<string, Buffer>();
  for (const entry of masterKeys.split(',')) {
    const [id, encoded] = entry.trim().split(':');
    const key = Buffer.from(encoded ?? '', 'base64');
    if (!id || key.length !== 32) {
      throw new KnownError(
        'misconfigured',
        'bad master key',
        'MASTER_KEYS must be "id:base64" of 32 bytes, separated by commas.',
      );
    }
    if (keys.has(id)) {
      throw new KnownError('misconfigured', 'master key twice', `MASTER_KEYS has two keys with the name "${id}".`);
    }
    keys.set(id, key);
  }
  const [first] = keys;
  if (!first) throw new KnownError('misconfigured', 'no master key', 'MASTER_KEYS is empty.');
  const [currentId, current] = first;

  const wrap = (place: string, key: Buffer) => `${currentId}:${seal(current, place, key).toString('base64')}`;
  const keyring: Keyring = {
    current: currentId,
    create(place) {
      const key = randomBytes(32);
      return { key, wrapped: wrap(place, key) };
    },
    rewrap: (place, wrapped) =>
      wrapped.startsWith(`${currentId}:`) ? null : wrap(place, keyring.unwrap(place, wrapped)),
    unwrap(place, wrapped) {
      const [id = '', sealed = ''] = wrapped.split(':');
      const master = keys.get(id);
      if (!master)
        throw new KnownError(
          'misconfigured',
          `master key ${id} is missing`,
          `MASTER_KEYS lacks the key "${id}" that stored data needs.`,
        );
      try {
        return open(master, place, Buffer.from(sealed, 'base64'));
      } catch (cause) {
        const words = `MASTER_KEYS: "${id}" is not the key that stored data was encrypted with.`;
        throw new KnownError('misconfigured', `master key ${id} is another one`, words, { cause });
      }
    },
  };
  return keyring;
}

/** A keyed hash (HMAC-SHA-256): finds an address again without being able to read it. */
export function keyedHash(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest();
}

/** Compares secrets without telling by time where they differ. */
export function sameSecret(a: Buffer | string, b: Buffer | string): boolean {
  const left = Buffer.from(a as string);
  const right = Buffer.from(b as string);
  return left.length === right.length && timingSafeEqual(left, right);
}
