import { describe, expect, test } from '@jest/globals';
import { reasonInWords } from '../../../src/messaging/index.ts';

describe('why a message did not leave, in words', () => {
  test.each([
    ['opted_out', 'the customer opted out'],
    [
      'fallback:63003',
      'WhatsApp could not reach the customer (the number is not on WhatsApp, code 63003), so it goes by SMS',
    ],
    ['again:ECONNREFUSED', 'an attempt failed (the gateway could not be reached), and it will be tried again'],
    ['ECONNREFUSED', 'the gateway could not be reached'],
    ['again:no connection in time', 'an attempt failed (the gateway was busy), and it will be tried again'],
    ['unexpected HTTP 500', 'the gateway had a failure of its own'],
    ['30003', 'gateway error 30003'],
    [null, 'no reason was recorded'],
  ])('%s', (reason, words) => {
    expect(reasonInWords(reason)).toBe(words);
  });
});
