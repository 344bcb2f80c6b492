import { describe, expect, test } from '@jest/globals';
import { initials, inOrder } from '../../../src/sandbox/page/state/people.ts';
import { freeNumber, phoneWords, readNumber } from '../../../src/sandbox/page/words/phone.ts';
import {
  dayTitle,
  fullWords,
  knownZone,
  sameClock,
  spanWords,
  zoneCity,
} from '../../../src/sandbox/page/words/time.ts';
import type { User } from '../../../src/sandbox/wire.ts';

const at = Date.parse('2026-11-21T23:42:00Z');

describe('times', () => {
  test('are written for a zone, with the year only when it is another one', () => {
    expect(fullWords(at, 'Europe/Stockholm')).toBe('Sun 22 Nov 00:42');
    expect(fullWords(at, 'America/New_York')).toBe('Sat 21 Nov 18:42');
    expect(fullWords(at, 'UTC', Date.parse('2027-01-05T00:00:00Z'))).toBe('Sat 21 Nov 2026 23:42');
    expect(knownZone('Mars/Olympus')).toBe('UTC');
    expect(zoneCity('America/New_York')).toBe('New York');
  });

  test('days are named as seen from now', () => {
    expect(dayTitle(at, 'UTC', at + 600_000)).toBe('Today');
    expect(dayTitle(at, 'UTC', at + 20 * 3_600_000)).toBe('Yesterday');
    expect(dayTitle(at, 'UTC', at + 5 * 86_400_000)).toBe('Saturday 21 November');
  });

  test.each([
    [400, '0 s'],
    [9_400, '9 s'],
    [125_000, '2 min'],
    [5 * 3_600_000 + 38 * 60_000, '5 h 38 min'],
    [2 * 86_400_000, '2 d'],
    [-(86_400_000 + 3_600_000), '1 d 1 h'],
  ])('%d ms are %s', (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });

  test('zones with the same clock are told apart from others', () => {
    expect(sameClock('Europe/Stockholm', 'Europe/Berlin', at)).toBe(true);
    expect(sameClock('Europe/Stockholm', 'Europe/London', at)).toBe(false);
  });
});

describe('numbers', () => {
  test.each([
    ['+46701740650', '+46 70 174 06 50'],
    ['+12025550123', '+1 202 555 0123'],
    ['+491701234567', '+49 1 701 234 567'],
  ])('%s reads %s, and back', (e164, words) => {
    expect(phoneWords(e164)).toBe(words);
    expect(readNumber(words)).toBe(e164);
  });

  test('a number without a country is none', () => {
    expect(readNumber('070 174 06 50')).toBeUndefined();
    expect(readNumber('0046 70-174 06 50')).toBe('+46701740650');
  });

  test('free ones are those of fiction that nobody has', () => {
    expect(freeNumber([])).toBe('+46701740652');
    expect(freeNumber(['+46701740652', '+46701740653'])).toBe('+46701740654');
  });
});

test('people stand by what they may, in the order they came; guests apart', () => {
  const user = (id: string, role: User['role'], kind: User['kind'] = 'member'): User => ({
    id,
    name: id,
    realName: id,
    zone: 'UTC',
    role,
    kind,
  });
  const users = [
    user('admin', 'admin'),
    user('sofia', 'salesperson'),
    user('bot', null, 'bot'),
    user('guest', null, 'guest'),
    user('erik', 'salesperson'),
    user('maria', 'manager'),
  ];
  const { staff, others } = inOrder(users);
  expect(staff.map(({ id }) => id)).toEqual(['sofia', 'erik', 'maria', 'admin']);
  expect(others.map(({ id }) => id)).toEqual(['guest']);
  expect(initials('Maria Nyström')).toBe('MN');
  expect(initials('50')).toBe('5');
  expect(initials('')).toBe('?');
});
