import { createHmac } from 'node:crypto';
import { isId } from './ids.ts';
import { sameSecret } from './secrets.ts';

/*
 * Links that carry an id: 35 characters with the id and a keyed tag. Nothing is stored, so a link works as long as the
 * key lives; nothing about anybody can be read from it or guessed, and a link of one purpose is none of another.
 */

const TAG_BYTES = 10;

function tag(key: Buffer, purpose: string, id: Buffer): Buffer {
  return createHmac('sha256', key).update(purpose).update(id).digest().subarray(0, TAG_BYTES);
}

/** The token that stands for a UUID in links of one purpose. */
export function signedToken(key: Buffer, purpose: string, uuid: string): string {
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, tag(key, purpose, id)]).toString('base64url');
}

/** The UUID a token stands for; undefined for anything that we did not make for this purpose. */
export function readSignedToken(key: Buffer, purpose: string, token: string): string | undefined {
  if (!/^[\w-]{35}$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.toString('base64url') !== token) return undefined; // its last character has bits to spare
  const id = bytes.subarray(0, 16);
  if (!sameSecret(bytes.subarray(16), tag(key, purpose, id))) return undefined;
  const uuid = id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isId(uuid) ? uuid : undefined;
}
