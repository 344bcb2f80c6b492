import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BookingId, calendarFile } from '../../../src/bookings/index.ts';

const booking = {
  id: '019ab6d4-0000-7000-8000-000000000001' as BookingId,
  startsAt: new Date('2026-11-28T10:00:00Z'),
  endsAt: new Date('2026-11-28T10:45:00Z'),
  state: 'booked' as 'booked' | 'cancelled',
  moves: 0,
};
const words = {
  summary: 'Appointment with Nordic Motors',
  location: 'Storgatan 1, 111 22 Stockholm',
  description: 'With Sofia. Another time or cancelling: https://leads.example/b/tok',
  url: 'https://leads.example/b/tok',
};
const where = { now: new Date('2026-11-23T09:30:15.250Z'), host: 'leads.example' };
const file = (changes: Partial<typeof booking> = {}, said = words) =>
  calendarFile({ ...booking, ...changes }, said, where);

/** Reads a file as RFC 5545 3.1 says: lines end in CRLF, and go on where the next begins with a space. */
function unfolded(text: string): Map<string, string> {
  const lines = text.replaceAll('\r\n ', '').split('\r\n').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
const plain = (value = '') => value.replaceAll('\\n', '\n').replace(/\\([\\;,])/g, '$1');

describe('a calendar file (RFC 5545)', () => {
  test('holds one event in UTC, published, without an organizer', () => {
    const read = unfolded(file());
    expect(Object.fromEntries(read)).toMatchObject({
      BEGIN: 'VEVENT',
      VERSION: '2.0',
      METHOD: 'PUBLISH',
      UID: `${booking.id}@leads.example`,
      DTSTAMP: '20261123T093015Z',
      DTSTART: '20261128T100000Z',
      DTEND: '20261128T104500Z',
      SEQUENCE: '0',
      STATUS: 'CONFIRMED',
    });
    expect(read.has('ORGANIZER')).toBe(false);
    expect(plain(read.get('LOCATION'))).toBe(words.location);
  });

  test('a change keeps the UID and raises the sequence, a cancellation once more', () => {
    const moved = unfolded(file({ moves: 2 }));
    const cancelled = unfolded(file({ moves: 2, state: 'cancelled' }));
    expect(moved.get('UID')).toBe(unfolded(file()).get('UID'));
    expect([moved.get('SEQUENCE'), cancelled.get('SEQUENCE')]).toEqual(['2', '3']);
    expect([moved.get('STATUS'), cancelled.get('STATUS')]).toEqual(['CONFIRMED', 'CANCELLED']);
  });

  test('no words of anybody make a line of their own, and no line is too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (said) => {
        const text = file({}, { ...words, summary: said, location: said, description: `x${said}` });
        for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        const kept = said.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, '');
        expect(plain(unfolded(text).get('DESCRIPTION'))).toBe(`x${kept}`);
        expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(1 + (kept.match(/BEGIN:VEVENT/g)?.length ?? 0) * 3);
      }),
      { numRuns: 300 },
    );
  });

  test('a name with commas and line breaks is one value', () => {
    const read = unfolded(file({}, { ...words, summary: 'A, B; C\\D\nATTENDEE:mailto:x@y' }));
    expect(read.get('SUMMARY')).toBe('A\\, B\\; C\\\\D\\nATTENDEE:mailto:x@y');
    expect(read.has('ATTENDEE')).toBe(false);
  });
});
