import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { KnownError } from '../lib/errors.ts';

/*
 * Ed25519 keys (RFC 8032). A public key is named by its SPKI form in base64, and shown to people as the fingerprint of
 * that, the way OpenSSH does.
 */

/** What signs, and what is trusted to have signed. */
export interface SigningKey {
  /** SPKI, base64. */
  publicKey: string;
  /** Public keys of ours, this one and earlier ones. */
  trusted: readonly string[];
  sign(text: string): Buffer;
}

/**
 * Reads `AUDIT_SIGNING_KEY`: the private key (PEM, or PKCS#8 in base64) and behind it, separated by commas, earlier keys
 * that are still trusted, private or public. Throws `misconfigured`.
 */
export function readSigningKey(text: string): SigningKey {
  const [first, ...earlier] = entriesOf(text);
  const key = first === undefined ? undefined : privateKey(first);
  if (!key) throw misconfigured('it must begin with an Ed25519 private key');
  const publicKey = spkiOf(createPublicKey(key));
  const trusted = earlier.map((entry) => readPublicKey(entry) ?? unreadable());
  return { publicKey, trusted: [publicKey, ...trusted], sign: (words) => sign(null, Buffer.from(words), key) };
}

/** A public key as SPKI in base64, from that, from PEM, or from the private key; undefined when it is no Ed25519 key. */
export function readPublicKey(text: string): string | undefined {
  const [entry] = entriesOf(text);
  if (entry === undefined) return undefined;
  const key = privateKey(entry);
  if (key) return spkiOf(createPublicKey(key));
  return attempt(() =>
    entry.startsWith('-----')
      ? createPublicKey(entry)
      : createPublicKey({ key: Buffer.from(entry, 'base64'), format: 'der', type: 'spki' }),
  )?.spki;
}

/** Whether the text was signed with the key that `publicKey` names. */
export function signed(text: string, signature: Buffer, publicKey: string): boolean {
  const found = known.get(publicKey) ?? attempt(() => publicFrom(publicKey))?.key;
  if (!found) return false;
  known.set(publicKey, found);
  return verify(null, Buffer.from(text), found, signature);
}
const known = new Map<string, KeyObject>();

/** `SHA256:…`, for people to compare. */
export const fingerprint = (publicKey: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64').replace(/=+$/, '')}`;

/** A new private key, PKCS#8 in base64. */
export const newSigningKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

/** PEM blocks or base64, one after the other. An environment may hold the line breaks of PEM as `\n`. */
function entriesOf(text: string): string[] {
  const plain = text.replaceAll('\\n', '\n');
  return plain
    .split(/,|(?<=-----END [A-Z ]+-----)/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function privateKey(entry: string): KeyObject | undefined {
  return attempt(() =>
    entry.startsWith('-----')
      ? createPrivateKey(entry)
      : createPrivateKey({ key: Buffer.from(entry, 'base64'), format: 'der', type: 'pkcs8' }),
  )?.key;
}

const publicFrom = (spki: string) => createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });

const spkiOf = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');

/** The key when it can be read and is of our kind. */
function attempt(read: () => KeyObject): { key: KeyObject; spki: string } | undefined {
  try {
    const key = read();
    if (key.asymmetricKeyType !== 'ed25519') return undefined;
    return { key, spki: key.type === 'public' ? spkiOf(key) : '' };
  } catch {
    return undefined;
  }
}

function unreadable(): never {
  throw misconfigured('one of the keys behind the first is no Ed25519 key');
}

function misconfigured(why: string): KnownError {
  const how = 'PEM or PKCS#8 in base64, earlier keys behind it, separated by commas';
  return new KnownError('misconfigured', `bad audit signing key: ${why}`, `AUDIT_SIGNING_KEY: ${why} (${how}).`);
}
