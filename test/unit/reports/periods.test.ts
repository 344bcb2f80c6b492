import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysBetween, digestDay, eachDay, PERIODS, periodOf, readPeriod } from '../../../src/reports/index.ts';
import { type Piece, piecesOf } from '../../../src/reports/periods.ts';

const STOCKHOLM = 'Europe/Stockholm';
const at = (iso: string) => new Date(iso);

test.each([
  // clocks go forward on 29 March, back on 25 October
  ['daily', '2026-03-29T05:59:00Z', '2026-03-28'],
  ['daily', '2026-03-29T06:00:00Z', '2026-03-29'],
  ['weekly', '2026-03-30T05:59:00Z', '2026-03-23'],
  ['weekly', '2026-03-30T06:00:00Z', '2026-03-30'],
  ['daily', '2026-10-25T06:59:00Z', '2026-10-24'],
  ['daily', '2026-10-25T07:00:00Z', '2026-10-25'],
] as const)('the latest %s digest at %s was due on %s', (kind, now, day) => {
  expect(digestDay(kind, at(now), STOCKHOLM)).toBe(day);
});

describe('a period', () => {
  test.each([
    // now, name, back, from, to, before
    ['2026-11-25T09:00:00Z', 'week', 0, '2026-11-23', '2026-11-25', '2026-11-16', '2026-11-18'],
    ['2026-11-25T09:00:00Z', 'week', 1, '2026-11-16', '2026-11-22', '2026-11-09', '2026-11-15'],
    ['2026-11-29T22:59:00Z', 'week', 0, '2026-11-23', '2026-11-29', '2026-11-16', '2026-11-22'],
    ['2026-11-29T23:01:00Z', 'week', 0, '2026-11-30', '2026-11-30', '2026-11-23', '2026-11-23'],
    ['2026-03-31T09:00:00Z', 'month', 0, '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['2026-03-30T22:30:00Z', 'month', 1, '2026-02-01', '2026-02-28', '2026-01-01', '2026-01-31'],
    ['2026-05-15T09:00:00Z', 'quarter', 0, '2026-04-01', '2026-05-15', '2026-01-01', '2026-02-14'],
    ['2026-01-02T09:00:00Z', 'quarter', 1, '2025-10-01', '2025-12-31', '2025-07-01', '2025-09-30'],
    ['2026-10-25T00:30:00Z', 'today', 0, '2026-10-25', '2026-10-25', '2026-10-24', '2026-10-24'],
    ['2026-03-29T22:30:00Z', 'yesterday', 0, '2026-03-29', '2026-03-29', '2026-03-28', '2026-03-28'],
  ] as const)('at %s, %s back %i', (now, name, back, from, to, beforeFrom, beforeTo) => {
    const period = periodOf(name, at(now), STOCKHOLM, back);
    expect([period.from, period.to, period.before]).toEqual([from, to, { from: beforeFrom, to: beforeTo }]);
  });

  test('has its own days and as many before, in any zone and on any day of the year', () => {
    const zones = [
      'Europe/Stockholm',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'UTC',
    ];
    const instants = fc.date({ min: at('2024-01-01'), max: at('2028-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), fc.constantFrom(...PERIODS), (now, zone, name) => {
        const { from, to, before } = periodOf(name, now, zone);
        const [days, earlier] = [eachDay({ from, to }), eachDay(before)];
        expect(earlier.at(-1)).toBe(eachDay({ from: before.from, to: before.to }).at(-1));
        expect(before.to < from).toBe(true);
        expect(days.length).toBeGreaterThan(0);
        const short = name === 'month' || name === 'quarter';
        expect(short ? earlier.length <= days.length + 2 : earlier.length === days.length).toBe(true);
        expect(new Set(days).size).toBe(days.length);
      }),
    );
  });

  test('over the night without an hour counts each day once', () => {
    expect(eachDay({ from: '2026-03-28', to: '2026-03-30' })).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
    expect(daysBetween('2026-10-20', '2026-10-30', at('2026-11-25T09:00:00Z'), STOCKHOLM)?.before).toEqual({
      from: '2026-10-09',
      to: '2026-10-19',
    });
  });

  test.each(['week', 'week-1', 'month', '2026-11-01..2026-11-15'])('comes back from a button: %s', (key) => {
    expect(readPeriod(key, at('2026-11-25T09:00:00Z'), STOCKHOLM)).toBeDefined();
  });

  test.each(['', 'year', '2026-13-01..2026-13-02', '2026-11-15..2026-11-01', 'week-x', '2020-01-01..2026-01-01'])(
    'is none: %j',
    (key) => {
      expect(readPeriod(key, at('2026-11-25T09:00:00Z'), STOCKHOLM)).toBeUndefined();
    },
  );
});

describe('days are cut into pieces', () => {
  const told = (from: string, to: string) => piecesOf({ from, to }).map(({ span, first }) => `${span} ${first}`);

  test('a quarter so far: its whole months, then weeks, then days', () => {
    expect(told('2026-10-01', '2026-11-23')).toEqual([
      ...['month 2026-10-01', 'day 2026-11-01', 'week 2026-11-02', 'week 2026-11-09', 'week 2026-11-16'],
      'day 2026-11-23',
    ]);
  });

  test('a week that reaches into a whole month is cut into days, and one that reaches out of the last is not', () => {
    expect(told('2026-09-28', '2026-10-31')).toEqual([
      ...['day 2026-09-28', 'day 2026-09-29', 'day 2026-09-30', 'month 2026-10-01'],
    ]);
    expect(told('2026-09-28', '2026-10-04')).toEqual(['week 2026-09-28']);
  });

  /** What a piece holds; written otherwise than the cutting is. */
  function daysOf({ span, first }: Piece): string[] {
    const date = new Date(`${first}T00:00:00Z`);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    if (span !== 'day') expect(span === 'month' ? date.getUTCDate() : date.getUTCDay()).toBe(1);
    const length = { day: 1, week: 7, month: new Date(Date.UTC(year, month + 1, 0)).getUTCDate() }[span];
    return Array.from({ length }, (_, n) => new Date(date.getTime() + n * 86_400_000).toISOString().slice(0, 10));
  }

  test('each day is in one of them, in order, and there are few', () => {
    const first = fc.date({ min: at('2023-01-01'), max: at('2029-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(first, fc.integer({ min: 0, max: 800 }), (start, length) => {
        const [from = '', to = ''] = [0, length].map((n) =>
          new Date(start.getTime() + n * 86_400_000).toISOString().slice(0, 10),
        );
        const pieces = piecesOf({ from, to });
        expect(pieces.flatMap(daysOf)).toEqual(eachDay({ from, to }));
        expect(pieces.length).toBeLessThanOrEqual(34 + length / 28);
      }),
    );
  });
});
