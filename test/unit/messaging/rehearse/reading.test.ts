import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { findZone, phoneIn, readDay, readStart } from '../../../../src/messaging/rehearse/index.ts';
import { candidateZones, primaryZone } from '../../../../src/people/index.ts';

const NOW = new Date('2026-10-20T08:30:12Z');
const STOCKHOLM = 'Europe/Stockholm';

describe('a start on a local clock', () => {
  test.each([
    ['2026-10-23T17:50', STOCKHOLM, '2026-10-23T17:50+02:00'],
    ['2026-10-23 17:50', STOCKHOLM, '2026-10-23T17:50+02:00'],
    ['2026-10-23', 'America/New_York', '2026-10-23T10:00-04:00'],
    ['7:05', STOCKHOLM, '2026-10-20T07:05+02:00'],
    // the clock shows it twice: the first is meant
    ['2026-10-25T02:30', STOCKHOLM, '2026-10-25T02:30+02:00'],
    // the clock skips it
    ['2026-03-29T02:30', STOCKHOLM, '2026-03-29T03:30+02:00'],
  ])('%s in %s is %s', (text, zone, iso) => {
    expect(readStart(text, zone, NOW)).toEqual(DateTime.fromISO(iso).toJSDate());
  });

  test.each([
    '',
    'tomorrow',
    '2026-02-30',
    '2026-10-23T24:30',
    '2026-10-23T17:60',
    '2026-10-23T',
    '1750',
    '2026-13-01T10:00',
  ])('"%s" is none', (text) => expect(readStart(text, STOCKHOLM, NOW)).toBeUndefined());
});

test.each([
  ['0', 0],
  ['365', 365],
  ['366', undefined],
  ['-1', undefined],
  ['5.5', undefined],
  ['', undefined],
])('"%s" as a day is %s', (text, day) => expect(readDay(text)).toBe(day));

describe('a zone as people write it', () => {
  test.each([
    ['Europe/Stockholm', STOCKHOLM],
    ['europe/stockholm', STOCKHOLM],
    ['Stockholm', STOCKHOLM],
    ['new york', 'America/New_York'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
  ])('%s', (text, zone) => expect(findZone(text)).toEqual({ zone }));

  test.each([
    ['Stokholm', STOCKHOLM],
    ['Amerika/New_York', 'America/New_York'],
    ['UTC', STOCKHOLM],
    ['', STOCKHOLM],
  ])('"%s" is none; %s is among the choices', (text, choice) => {
    expect(findZone(text)).toEqual({ choices: expect.arrayContaining([choice]) });
  });
});

describe('a made-up number', () => {
  test.each([
    ['America/New_York', '+12125550123'],
    ['America/Los_Angeles', '+12135550123'],
    ['America/Phoenix', '+16025550123'],
    ['America/Toronto', '+14165550123'],
  ])('in %s, from the range that belongs to nobody', (zone, phone) => expect(phoneIn(zone)).toBe(phone));

  test('wherever there is one, capture would place it there', () => {
    const misplaced = Intl.supportedValuesOf('timeZone').filter((zone) => {
      const phone = phoneIn(zone);
      return phone !== undefined && primaryZone(candidateZones({ phone }), zone) !== zone;
    });
    expect(misplaced).toEqual([]);
  });

  test('nobody has a mobile number in Antarctica', () => expect(phoneIn('Antarctica/Troll')).toBeUndefined());
});
