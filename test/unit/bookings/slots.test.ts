import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { freeSlots, pickOffer, type Slot, type SlotRules } from '../../../src/bookings/index.ts';
import { obstacleTo } from '../../../src/bookings/slots.ts';
import type { StaffId } from '../../../src/lib/ids.ts';

const SOFIA = 'sofia' as StaffId;
const ERIK = 'erik' as StaffId;
const ZONE = 'Europe/Stockholm';
const at = (text: string) => new Date(`${text}+01:00`);
const MINUTE = 60_000;

function rules(changes: Partial<SlotRules> = {}): SlotRules {
  return {
    opening: { 1: [{ from: '09:00', to: '12:00' }], 6: [{ from: '10:00', to: '15:00' }] },
    closedDays: [],
    zone: ZONE,
    appointment: { minutes: 45, pause: 15 },
    busy: [],
    bookings: [],
    now: at('2026-11-22T12:00'), // a Sunday
    ...changes,
  };
}
const slot = (from: string, to: string, staffId = SOFIA): Slot => ({ staffId, startsAt: at(from), endsAt: at(to) });
const MONDAY = { from: at('2026-11-23T00:00'), to: at('2026-11-24T00:00'), staff: [SOFIA] };
const clocks = (slots: readonly Slot[], zone = ZONE) =>
  slots.map((each) => DateTime.fromJSDate(each.startsAt, { zone }).toFormat('HH:mm'));
const monday = (changes: Partial<SlotRules> = {}) => clocks(freeSlots({ ...rules(changes), ...MONDAY }));

describe('free slots of a day', () => {
  test('begin with the opening and end where an appointment still fits before closing', () => {
    expect(monday()).toEqual('09:00 09:15 09:30 09:45 10:00 10:15 10:30 10:45 11:00 11:15'.split(' '));
  });

  test('there are none on a day that is not open, or closed for once', () => {
    expect(freeSlots({ ...rules(), staff: [SOFIA], from: at('2026-11-24T00:00'), to: at('2026-11-28T00:00') })).toEqual(
      [],
    );
    expect(monday({ closedDays: ['2026-11-23'] })).toEqual([]);
  });

  test('an appointment keeps the pause free on either side', () => {
    const bookings = [slot('2026-11-23T10:00', '2026-11-23T10:45')];
    expect(monday({ bookings })).toEqual('09:00 11:00 11:15'.split(' '));
  });

  test('busy time needs no pause, and what touches it is free', () => {
    const busy = [slot('2026-11-23T09:45', '2026-11-23T11:00')];
    expect(monday({ busy })).toEqual('09:00 11:00 11:15'.split(' '));
  });

  test('nothing is free within the notice, nor in the past', () => {
    expect(monday({ now: at('2026-11-23T09:40') })).toEqual('10:45 11:00 11:15'.split(' '));
    expect(monday({ now: at('2026-11-23T09:40'), notice: 0 })[0]).toBe('09:45');
    expect(monday({ now: at('2026-11-23T12:00') })).toEqual([]);
  });

  test('a colleague’s calendar is their own', () => {
    const bookings = [slot('2026-11-23T09:00', '2026-11-23T11:15')];
    const found = freeSlots({ ...rules({ bookings }), ...MONDAY, staff: [SOFIA, ERIK] });
    expect(clocks(found.filter((each) => each.staffId === SOFIA))).toEqual([]);
    expect(found.filter((each) => each.staffId === ERIK)).toHaveLength(10);
  });

  test('a lunch break parts the day', () => {
    const opening = {
      1: [
        { from: '09:00', to: '10:00' },
        { from: '13:00', to: '14:00' },
      ],
    };
    expect(monday({ opening })).toEqual('09:00 09:15 13:00 13:15'.split(' '));
  });
});

describe('when the clocks are turned', () => {
  const opening = { 7: [{ from: '01:00', to: '05:00' }] };
  const night = (day: string, next: string) => {
    const from = new Date(day);
    const found = freeSlots({
      ...rules({ opening, appointment: { minutes: 60, pause: 0 }, now: new Date(from.getTime() - 86_400_000) }),
      staff: [SOFIA],
      from,
      to: new Date(next),
    });
    return found.filter((each) => each.startsAt.getUTCMinutes() === 0).map((each) => each.startsAt.toISOString());
  };

  test('the night of spring is an hour shorter', () => {
    expect(night('2027-03-28T00:00:00+01:00', '2027-03-29T00:00:00+02:00')).toEqual([
      '2027-03-28T00:00:00.000Z',
      '2027-03-28T01:00:00.000Z',
      '2027-03-28T02:00:00.000Z',
    ]);
  });

  test('the night of autumn is an hour longer', () => {
    expect(night('2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00')).toHaveLength(5);
  });
});

const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-31'), noInvalidDate: true });
const taken = fc.array(
  fc.record({
    hour: fc.integer({ min: 0, max: 24 * 14 }),
    minutes: fc.integer({ min: 5, max: 300 }),
    mine: fc.boolean(),
  }),
  { maxLength: 12 },
);
const time = fc.integer({ min: 0, max: 23 });
const opening = fc.record({ day: fc.integer({ min: 1, max: 7 }), from: time, to: time });
const zones = fc.constantFrom('Europe/Stockholm', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata');

test('every free slot, at any time and place, is one that could really be booked', () => {
  fc.assert(
    fc.property(
      instant,
      zones,
      taken,
      taken,
      fc.array(opening, { maxLength: 7 }),
      (now, zone, booked, blocked, hours) => {
        const spread = (each: { hour: number; minutes: number; mine: boolean }): Slot => {
          const startsAt = new Date(now.getTime() + each.hour * 60 * MINUTE);
          const endsAt = new Date(startsAt.getTime() + each.minutes * MINUTE);
          return { staffId: each.mine ? SOFIA : ERIK, startsAt, endsAt };
        };
        const two = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
        const given = rules({
          now,
          zone,
          bookings: booked.map(spread),
          busy: blocked.map(spread),
          opening: Object.fromEntries(hours.map(({ day, from, to }) => [day, [{ from: two(from), to: two(to) }]])),
        });
        const to = new Date(now.getTime() + 14 * 86_400_000);
        const found = freeSlots({ ...given, staff: [SOFIA, ERIK], from: now, to });
        const open = new Set(hours.map((each) => each.day));
        const clash = (free: Slot, other: Slot, pause: number) =>
          other.staffId === free.staffId &&
          +other.startsAt < +free.endsAt + pause * MINUTE &&
          +free.startsAt < +other.endsAt + pause * MINUTE;
        const wrong = found.filter(
          (free, index) =>
            +free.startsAt - +now < 60 * MINUTE ||
            given.busy.some((other) => clash(free, other, 0)) ||
            given.bookings.some((other) => clash(free, other, 15)) ||
            (index % 9 === 0 && obstacleTo(given, free) !== undefined) ||
            (index % 9 === 0 && !open.has(DateTime.fromJSDate(free.startsAt, { zone }).weekday)),
        );
        expect(wrong).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

describe('what stands against a time', () => {
  test.each([
    ['2026-11-22T11:00', 'past'],
    ['2026-11-22T12:30', 'too_soon'],
    ['2026-11-24T10:00', 'closed'],
    ['2026-11-23T11:30', 'closed'],
    ['2026-11-23T09:30', 'busy'],
    ['2026-11-23T10:30', 'booked'],
    ['2026-11-23T11:10', undefined],
  ])('%s: %s', (when, expected) => {
    const given = rules({
      busy: [slot('2026-11-23T09:00', '2026-11-23T09:45')],
      bookings: [slot('2026-11-23T10:00', '2026-11-23T10:45')],
    });
    const startsAt = at(when);
    const wanted = { staffId: SOFIA, startsAt, endsAt: new Date(startsAt.getTime() + 45 * MINUTE) };
    expect(obstacleTo(given, wanted)).toBe(expected);
  });
});

describe('an offer', () => {
  const week = freeSlots({
    ...rules({ opening: Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [{ from: '09:00', to: '17:00' }]])) }),
    staff: [SOFIA, ERIK],
    from: at('2026-11-23T00:00'),
    to: at('2026-11-28T00:00'),
  });
  const told = (slots: readonly Slot[]) =>
    slots.map((each) => DateTime.fromJSDate(each.startsAt, { zone: ZONE }).setLocale('en').toFormat('ccc HH:mm'));

  test('without a wish gives a choice of days, mornings and afternoons', () => {
    const offered = pickOffer(week, { zone: ZONE });
    expect(new Set(told(offered).map((each) => each.slice(0, 3))).size).toBe(3);
    expect(new Set(offered.map((each) => DateTime.fromJSDate(each.startsAt, { zone: ZONE }).hour < 12)).size).toBe(2);
  });

  test('near a wish stays near it', () => {
    const wish = { kind: 'at', instant: at('2026-11-25T14:00') } as const;
    const left = week.filter((each) => +each.startsAt !== +wish.instant);
    const offered = told(pickOffer(left, { zone: ZONE, wish }));
    expect(offered.filter((each) => each.startsWith('Wed'))).not.toHaveLength(0);
    expect(offered[0]).toMatch(/^(Tue|Wed) 1[1-6]/);
  });

  test('within a stretch of time stays inside it while there is room', () => {
    const wish = { kind: 'range', from: at('2026-11-26T12:00'), to: at('2026-11-26T17:00') } as const;
    for (const each of told(pickOffer(week, { zone: ZONE, wish }))) expect(each).toMatch(/^Thu 1[2-6]/);
  });

  test('names an instant once, with whom is preferred', () => {
    const offered = pickOffer(week, { zone: ZONE, prefer: ERIK, count: 6 });
    expect(new Set(offered.map((each) => +each.startsAt)).size).toBe(6);
    expect(new Set(offered.map((each) => each.staffId))).toEqual(new Set([ERIK]));
  });

  test('of nothing is nothing, of few all', () => {
    expect(pickOffer([], { zone: ZONE })).toEqual([]);
    expect(pickOffer(week.slice(0, 2), { zone: ZONE })).toHaveLength(1);
  });

  test('prefers the times people say', () => {
    for (const each of told(pickOffer(week, { zone: ZONE, count: 6 }))) expect(each).toMatch(/:(00|30)$/);
  });
});
