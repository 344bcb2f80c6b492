import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { fingerprint, newSigningKey, readPublicKey, readSigningKey, signed } from '../../../src/audit/keys.ts';

const pair = generateKeyPairSync('ed25519');
const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const spki = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const publicPem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });

describe('the signing key', () => {
  test.each([
    ['base64', der],
    ['PEM', pem],
    ['PEM of an environment', pem.trim().replaceAll('\n', '\\n')],
  ])('is read from %s', (_form, text) => {
    const key = readSigningKey(text);
    expect(key.publicKey).toBe(spki);
    expect(signed('words', key.sign('words'), spki)).toBe(true);
    expect(key.trusted).toEqual([spki]);
  });

  test('trusts the keys behind it, private or public', () => {
    const [old, older] = [newSigningKey(), newSigningKey()].map((text) => readSigningKey(text).publicKey);
    expect(readSigningKey(`${der}, ${old},${older}`).trusted).toEqual([spki, old, older]);
    expect(readSigningKey(`${pem}${publicPem}`).trusted).toEqual([spki, spki]);
    expect(readSigningKey(`${pem},${old}`).trusted).toEqual([spki, old]);
  });

  test.each([
    ['nothing', ''],
    ['a public key first', spki],
    ['an RSA key', rsa.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
    ['words', 'c2VjcmV0'],
    ['something else behind it', `${der},c2VjcmV0`],
  ])('is refused with a reason, and never shown: %s', (_what, text) => {
    expect(() => readSigningKey(text)).toThrow(
      expect.objectContaining({ code: 'misconfigured', userMessage: expect.not.stringContaining(der) }),
    );
  });
});

describe('a public key', () => {
  test.each([spki, publicPem, pem, der])('is read from any form', (text) => {
    expect(readPublicKey(text)).toBe(spki);
  });

  test('is none when it is of another kind, or words', () => {
    const other = rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    for (const text of ['', 'words', other]) expect(readPublicKey(text)).toBeUndefined();
  });

  test('does not fit other words, another signature or another key', () => {
    const signature = sign(null, Buffer.from('words'), pair.privateKey);
    expect(signed('words', signature, spki)).toBe(true);
    expect(signed('other', signature, spki)).toBe(false);
    expect(signed('words', Buffer.alloc(64), spki)).toBe(false);
    expect(signed('words', signature, readSigningKey(newSigningKey()).publicKey)).toBe(false);
    expect(signed('words', signature, 'nonsense')).toBe(false);
  });

  test('has a fingerprint to compare', () => {
    expect(fingerprint(spki)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(fingerprint(spki)).not.toBe(fingerprint(readSigningKey(newSigningKey()).publicKey));
  });
});
