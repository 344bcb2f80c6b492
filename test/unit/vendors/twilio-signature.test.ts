import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { sign } from '../../../src/sandbox/twilio/index.ts';
import { verifySignature } from '../../../src/vendors/twilio/index.ts';

/** The example from Twilio's documentation. */
const published = {
  authToken: '12345',
  url: 'https://example.com/myapp?foo=1&bar=2',
  form: {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675310',
    Digits: '1234',
    From: '+14158675310',
    To: '+18005551212',
  },
  signature: 'GPSRTlODYHi4+bX3Qs97BVmS45M=',
};

const anyForm = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }));
const anyUrl = fc.webUrl({ withQueryParameters: true });

describe("Twilio's signature", () => {
  test('the published example verifies', () => {
    expect(verifySignature(published)).toBe(true);
  });

  test.each([
    ['another token', { authToken: '12346' }],
    ['another path', { url: 'https://example.com/myapp2?foo=1&bar=2' }],
    ['http instead of https', { url: 'http://example.com/myapp?foo=1&bar=2' }],
    ['a query left out', { url: 'https://example.com/myapp' }],
    ['a field changed', { form: { ...published.form, Digits: '1235' } }],
    ['a field added', { form: { ...published.form, Extra: '1' } }],
    ['a signature of another length', { signature: 'GPSR' }],
    ['no signature', { signature: '' }],
  ])('%s does not', (_, change) => {
    expect(verifySignature({ ...published, ...change })).toBe(false);
  });

  test('the port that the scheme implies may be written or not', () => {
    expect(verifySignature({ ...published, url: 'https://example.com:443/myapp?foo=1&bar=2' })).toBe(true);
  });

  test("the stand-in signs as Twilio's SDK does, and what it signs verifies", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), anyUrl, anyForm, (authToken, url, form) => {
        const signature = sign(authToken, url, form);
        expect(signature).toBe(getExpectedTwilioSignature(authToken, url, form));
        expect(verifySignature({ authToken, signature, url, form })).toBe(true);
      }),
    );
  });

  test('no signature fits a form with any value changed', () => {
    fc.assert(
      fc.property(anyUrl, anyForm, fc.string({ minLength: 1 }), fc.string(), (url, form, key, value) => {
        const signature = sign('token', url, form);
        const changed = { ...form, [key]: `${form[key] ?? ''}${value}!` };
        expect(verifySignature({ authToken: 'token', signature, url, form: changed })).toBe(false);
      }),
    );
  });
});
