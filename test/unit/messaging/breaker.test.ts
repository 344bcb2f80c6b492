import { describe, expect, test } from '@jest/globals';
import { createBreaker, restSeconds, signOf } from '../../../src/messaging/breaker.ts';

const silence = (times: number, shaky = false) => {
  const breaker = createBreaker();
  return Array.from({ length: times }, () => breaker.sign('silent', shaky));
};

describe('the breaker of a sender', () => {
  test('opens at the tenth silence in a row, and counts anew', () => {
    expect(silence(10)).toEqual([...Array(9).fill(undefined), 'silent']);
    expect(silence(19).filter(Boolean)).toHaveLength(1);
  });

  test('opens at once when our account is refused', () => {
    expect(createBreaker().sign('denied', false)).toBe('denied');
  });

  test('after a rest opens at the third silence, until something goes well', () => {
    expect(silence(3, true)).toEqual([undefined, undefined, 'silent']);
    const breaker = createBreaker();
    breaker.sign('well', true);
    // the row still says that it rested
    expect(Array.from({ length: 9 }, () => breaker.sign('silent', true))).toEqual(Array(9).fill(undefined));
  });

  test('is closed by any success, and does not mind what says nothing', () => {
    const breaker = createBreaker();
    for (let n = 0; n < 9; n++) breaker.sign('silent', false);
    expect(breaker.sign('nothing', false)).toBeUndefined();
    breaker.sign('well', false);
    expect(breaker.sign('silent', false)).toBeUndefined();
  });

  test('our own deadline says nothing about the gateway', () => {
    expect(signOf({ kind: 'not_written', detail: 'deadline passed' })).toBe('nothing');
    for (const detail of ['the customer was writing', 'the phone is held elsewhere', 'token ran out']) {
      expect(signOf({ kind: 'not_written', detail })).toBe('nothing');
    }
    expect(signOf({ kind: 'not_written', detail: 'ECONNREFUSED' })).toBe('silent');
    expect(signOf({ kind: 'refused', reason: 'content', code: '21602' })).toBe('well');
  });

  test('silence rests for seconds, a refused account for minutes', () => {
    expect([1, 2, 3, 9].map((n) => restSeconds(n, 'silent'))).toEqual([5, 10, 20, 60]);
    expect([1, 2, 9].map((n) => restSeconds(n, 'denied'))).toEqual([60, 120, 960]);
  });
});
