import { describe, expect, test } from '@jest/globals';
import { table } from '../../bench/report.ts';
import { parseCpuTime, shareOf, watchStolen } from '../../bench/stolen.ts';

const stat = (ticks: string) => `cpu  ${ticks}\ncpu0 1 1 1 1 1 1 1 1 1 1\nctxt 12\n`;

describe('CPU time that the host gave to others', () => {
  test('is read from the line of all processors; waiting is nothing that was wanted', () => {
    expect(parseCpuTime(stat('100 20 30 5000 400 1 2 47 60 0'))).toEqual({ wanted: 200, stolen: 47 });
  });

  test('is unknown where a kernel does not tell', () => {
    expect(parseCpuTime(stat('100 20 30 5000'))).toBeUndefined();
    expect(parseCpuTime('')).toBeUndefined();
  });

  test('counts as a share of what was wanted between two looks', () => {
    expect(shareOf({ wanted: 200, stolen: 47 }, { wanted: 300, stolen: 72 })).toBe(0.25);
    expect(shareOf({ wanted: 200, stolen: 47 }, { wanted: 200, stolen: 47 })).toBe(0);
  });

  test('is a share on this machine, or unknown', () => {
    const share = watchStolen()() ?? 0;
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  });

  test('stands at the end of its row', () => {
    const [head, row, other] = table([
      { bench: 'stop', what: 'one', figure: '5 ms', stolen: 0.0312 },
      { bench: 'start', what: 'two', figure: '6 ms' },
    ]).split('\n');
    expect(head).toMatch(/ stolen$/);
    expect(row).toMatch(/ 3\.1 %$/);
    expect(other).toMatch(/ 6 ms$/);
  });
});
