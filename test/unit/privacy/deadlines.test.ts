import { describe, expect, test } from '@jest/globals';
import { deadlineOf } from '../../../src/privacy/deadlines.ts';

const SWEDEN = new Set(['2026-12-25', '2026-12-26', '2027-01-01', '2027-01-06']);
const USA = new Set(['2026-11-26', '2026-12-25']);
const se = { country: 'SE', sure: true };
const us = { country: 'US', sure: true };

describe('COMPLIANCE T10.1 until when somebody who asks has an answer', () => {
  test.each([
    ['2026-11-23', '2026-12-23'],
    ['2026-11-25', '2026-12-28'], // Christmas Day, Saturday, Sunday
    ['2026-12-06', '2027-01-07'], // Epiphany
    ['2027-01-31', '2027-03-01'], // February has no 31st, and the 28th is a Sunday
    ['2028-01-31', '2028-02-29'],
  ])('GDPR: asked on %s, on a working day a month later: %s', (day, answerBy) => {
    expect(deadlineOf(day, se, SWEDEN)).toEqual({ regime: 'gdpr', acknowledgeBy: null, answerBy });
  });

  test('California: ten working days to say that it has come, forty-five days to answer', () => {
    expect(deadlineOf('2026-11-20', us, USA)).toEqual({
      regime: 'ccpa',
      acknowledgeBy: '2026-12-07', // Thanksgiving and two weekends between
      answerBy: '2027-01-04',
    });
  });

  test('whose place is not known for sure has the shorter one', () => {
    expect(deadlineOf('2026-11-20', { country: 'US', sure: false }, USA).regime).toBe('gdpr');
    expect(deadlineOf('2026-11-20', { sure: true }, USA).answerBy).toBe('2026-12-21');
  });
});
