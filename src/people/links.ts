import { createHmac } from 'node:crypto';
import type { PersonId } from '../lib/ids.ts';
import { isId } from '../lib/ids.ts';
import { sameSecret } from '../lib/secrets.ts';

/*
 * The opt-out link of a person: 35 characters that carry the person's id and a keyed tag. Nothing is stored, so a link
 * works as long as the key lives, and nothing about the person can be read from it or guessed.
 */

const TAG_BYTES = 10;

function tag(key: Buffer, id: Buffer): Buffer {
  return createHmac('sha256', key).update('opt-out').update(id).digest().subarray(0, TAG_BYTES);
}

/** The token for `/o/:token`. */
export function optOutToken(key: Buffer, personId: PersonId): string {
  const id = Buffer.from(personId.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, tag(key, id)]).toString('base64url');
}

/** The person a token belongs to; undefined for anything that we did not make. */
export function readOptOutToken(key: Buffer, token: string): PersonId | undefined {
  if (!/^[\w-]{35}$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const id = bytes.subarray(0, 16);
  if (!sameSecret(bytes.subarray(16), tag(key, id))) return undefined;
  const hex = id.toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return isId(uuid) ? (uuid as PersonId) : undefined;
}
