import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSignedToken, signedToken } from '../../../src/lib/signed-links.ts';

const KEY = Buffer.alloc(32, 7);
const ID = '019ab6d4-0000-7000-8000-000000000001';

describe('a signed link', () => {
  test('carries an id in 35 characters that need no escaping', () => {
    expect(signedToken(KEY, 'booking', ID)).toMatch(/^[\w-]{35}$/);
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(readSignedToken(KEY, 'booking', signedToken(KEY, 'booking', id))).toBe(id);
      }),
    );
  });

  test('is good for one purpose and one key', () => {
    const token = signedToken(KEY, 'booking', ID);
    expect(readSignedToken(KEY, 'opt-out', token)).toBeUndefined();
    expect(readSignedToken(Buffer.alloc(32, 8), 'booking', token)).toBeUndefined();
  });

  test('is nothing once a single bit is another', () => {
    const bytes = Buffer.from(signedToken(KEY, 'booking', ID), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8((altered[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
      expect(readSignedToken(KEY, 'booking', altered.toString('base64url'))).toBeUndefined();
    }
    for (const token of ['', 'x', `${bytes.toString('base64url')}A`, 'ü'.repeat(35)]) {
      expect(readSignedToken(KEY, 'booking', token)).toBeUndefined();
    }
  });
});
