import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reminderAt } from '../../../src/bookings/reminder.ts';
import { isOpen } from '../../../src/cadence/index.ts';

const STOCKHOLM = { zones: ['Europe/Stockholm'], country: 'SE', sure: true };
const NEW_YORK = { zones: ['America/New_York'], country: 'US', states: ['NY'], sure: true };
const HOURS = { start: '09:00', end: '20:00' };
const at = (text: string) => new Date(`${text}+01:00`);

function reminded(startsAt: string, now: string, changes: { place?: typeof STOCKHOLM; start?: string } = {}) {
  const { place = STOCKHOLM, start = HOURS.start } = changes;
  const hours = { ...HOURS, start };
  const found = reminderAt({ startsAt: at(startsAt), now: at(now), zone: 'Europe/Stockholm', place, hours });
  return found && new Date(found.getTime() + 3_600_000).toISOString().slice(0, 16);
}

describe('a reminder', () => {
  test.each([
    ['comes the day before at the same hour', '2026-11-28T11:00', '2026-11-23T10:00', '2026-11-27T11:00'],
    ['waits for the send hours of that day', '2026-11-28T08:00', '2026-11-23T10:00', '2026-11-27T09:00'],
    ['comes before they end', '2026-11-28T21:00', '2026-11-23T10:00', '2026-11-27T19:45'],
    ['is left out soon after the booking', '2026-11-24T11:00', '2026-11-23T10:30', null],
    ['is left out when it would be past', '2026-11-23T15:00', '2026-11-23T10:30', null],
    ['is kept when the day has time for it', '2026-11-24T17:00', '2026-11-23T10:30', '2026-11-23T17:00'],
    ['keeps the wall clock across the change of clocks', '2027-03-28T10:00', '2027-03-20T10:00', '2027-03-27T11:00'],
  ])('%s', (_name, startsAt, now, expected) => {
    expect(reminded(startsAt, now)).toBe(expected);
  });

  test('moves for a customer whose day begins later', () => {
    // in New York it is five in the morning then: the first open hour there on that day
    expect(reminded('2026-11-28T11:00', '2026-11-23T10:00', { place: NEW_YORK as never })).toBe('2026-11-27T15:00');
  });

  const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-31'), noInvalidDate: true });
  test('never leaves outside the hours, never in the past, and always before the appointment', () => {
    const place = fc.constantFrom(STOCKHOLM, NEW_YORK, { zones: ['Asia/Kolkata'], country: 'IN', sure: true });
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 24 * 20 }), place, (now, ahead, where) => {
        const startsAt = new Date(now.getTime() + ahead * 3_600_000);
        const found = reminderAt({ startsAt, now, zone: 'Europe/Stockholm', place: where, hours: HOURS });
        if (!found) return;
        expect(isOpen(found, where, HOURS)).toBe(true);
        expect(found.getTime()).toBeGreaterThan(now.getTime());
        expect(startsAt.getTime() - found.getTime()).toBeGreaterThanOrEqual(2 * 3_600_000);
        expect(startsAt.getTime() - found.getTime()).toBeLessThanOrEqual(4 * 86_400_000);
      }),
      { numRuns: 300 },
    );
  });
});
