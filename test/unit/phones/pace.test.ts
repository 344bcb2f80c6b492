import { describe, expect, test } from '@jest/globals';
import { HUMAN } from '../../../src/phones/index.ts';
import { dailyCap, gapSeconds, typingMs } from '../../../src/phones/pace.ts';

const DAY = 86_400_000;

describe('the pace of a linked phone', () => {
  const linked = new Date('2026-11-23T09:30:00Z');
  const on = (day: number) => dailyCap(HUMAN, linked, linked.getTime() + day * DAY);

  test('warms up day by day and never falls', () => {
    expect([on(0), on(0.9), on(1), on(5), on(400)]).toEqual([20, 20, 25, 60, 200]);
    for (let day = 0; day < 40; day++) expect(on(day + 1)).toBeGreaterThanOrEqual(on(day));
    expect(on(-3)).toBe(20); // a clock that was set back
  });

  test('rests between messages, never evenly and never too short', () => {
    for (const random of [0, 0.3, 0.999]) {
      expect(gapSeconds(HUMAN, random)).toBeGreaterThanOrEqual(6);
      expect(gapSeconds(HUMAN, random)).toBeLessThan(20);
    }
  });

  test('types for less than the two seconds that a stop waits', () => {
    expect([typingMs(HUMAN, ''), typingMs(HUMAN, 'x'.repeat(40)), typingMs(HUMAN, 'x'.repeat(4000))]).toEqual([
      700, 1000, 1500,
    ]);
  });
});
