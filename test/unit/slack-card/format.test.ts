import { describe, expect, test } from '@jest/globals';
import {
  clockDifference,
  firstName,
  knownZone,
  phoneWords,
  plural,
  timesFor,
  zoneCity,
} from '../../../src/slack/format.ts';
import { at } from './a-card.ts';

const stockholm = { zone: 'Europe/Stockholm', country: 'SE', now: at(22, '12:00:00') };
const newYork = { zone: 'America/New_York', country: 'US', now: at(22, '12:00:00') };

describe('times', () => {
  test('are written as the country writes them, in the zone of the reader', () => {
    expect(timesFor(stockholm).full(at(23, '14:03:07'))).toBe('Mon 23 Nov 14:03');
    expect(timesFor(newYork).full(at(23, '14:03:07'))).toBe('Mon Nov 23 8:03 AM');
    expect(timesFor({ ...stockholm, country: 'IN' }).clock(at(23, '14:03:07'))).toBe('2:03 PM');
    expect(timesFor({ ...stockholm, country: 'GB' }).exact(at(23, '14:03:07'))).toBe('14:03:07');
  });

  test('carry the year only when it is another one', () => {
    expect(timesFor(stockholm).full(new Date('2027-01-05T09:00:00Z'))).toBe('Tue 5 Jan 2027 10:00');
  });

  test('leave out the day beside another time of that day', () => {
    const times = timesFor(stockholm);
    expect(times.beside(at(21, '10:44:00'), at(21, '10:42:00'))).toBe('10:44');
    expect(times.beside(at(22, '00:01:00'), at(21, '23:59:00'))).toBe('Sun 22 Nov 00:01');
  });

  test('tell how far another clock is, and nothing where both show the same', () => {
    expect(clockDifference('America/New_York', stockholm)).toBe('6 h behind');
    expect(clockDifference('Asia/Kolkata', stockholm)).toBe('4 h 30 min ahead');
    expect(clockDifference('Europe/Berlin', stockholm)).toBeUndefined();
    expect(clockDifference('Nowhere/Land', stockholm)).toBeUndefined();
    expect(zoneCity('America/New_York')).toBe('New York');
    expect(knownZone('Mars/Base', null, 'Europe/Stockholm')).toBe('Europe/Stockholm');
  });
});

describe('names and numbers', () => {
  test('read as people write them', () => {
    expect(firstName('Anna Karlsson')).toBe('Anna');
    expect(firstName('+46701740605')).toBe('+46 70 174 06 05');
    expect(phoneWords('+14155550101')).toBe('+1 415 555 0101');
    expect(plural(1, 'message')).toBe('1 message');
    expect(plural(18402, 'message')).toBe('18,402 messages');
  });
});
