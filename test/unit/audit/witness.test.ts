import { describe, expect, test } from '@jest/globals';
import { isDue } from '../../../src/audit/index.ts';

const at = (text: string) => new Date(text);
/** Winter in Stockholm: 08:00 is 07:00 UTC. */
const ask = (unseenSince: string, shownAt: string | null, now: string, zone = 'Europe/Stockholm') =>
  isDue({ zone, unseenSince: at(unseenSince), shownAt: shownAt === null ? null : at(shownAt) }, at(now));

describe('the head of a log is due', () => {
  test('in the morning after something was sealed that nobody has seen', () => {
    expect(ask('2026-11-22T15:00:00Z', null, '2026-11-23T07:00:00Z')).toBe(true);
    expect(ask('2026-11-22T15:00:00Z', '2026-11-22T07:00:00Z', '2026-11-23T07:00:00Z')).toBe(true);
    expect(ask('2026-11-20T15:00:00Z', '2026-11-19T07:00:00Z', '2026-11-23T12:00:00Z')).toBe(true);
  });

  test('not before the morning, and not on the day the log begins', () => {
    expect(ask('2026-11-22T15:00:00Z', null, '2026-11-23T06:59:59Z')).toBe(false);
    expect(ask('2026-11-23T07:00:01Z', null, '2026-11-23T22:00:00Z')).toBe(false);
  });

  test('once a day', () => {
    expect(ask('2026-11-22T15:00:00Z', '2026-11-23T07:00:05Z', '2026-11-23T12:00:00Z')).toBe(false);
    expect(ask('2026-11-23T08:00:00Z', '2026-11-23T07:00:05Z', '2026-11-23T12:00:00Z')).toBe(false);
  });

  test('by the clock of the business, also where nobody knows it', () => {
    expect(ask('2026-11-22T15:00:00Z', null, '2026-11-23T12:30:00Z', 'America/New_York')).toBe(false);
    expect(ask('2026-11-22T15:00:00Z', null, '2026-11-23T13:00:00Z', 'America/New_York')).toBe(true);
    expect(ask('2026-11-22T15:00:00Z', null, '2026-11-23T07:59:00Z', 'Nowhere/Else')).toBe(false);
    expect(ask('2026-11-22T15:00:00Z', null, '2026-11-23T08:00:00Z', 'Nowhere/Else')).toBe(true);
  });
});
