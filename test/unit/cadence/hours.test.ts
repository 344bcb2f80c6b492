import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { closesAt, isOpen, nextOpening, type Place, type SendHours } from '../../../src/cadence/hours.ts';
import { legalWindow } from '../../../src/cadence/legal-hours.ts';
import { candidateZones } from '../../../src/people/zone.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const usual: SendHours = { start: '09:00', end: '20:00' };
const stockholm: Place = { zones: ['Europe/Stockholm'], sure: true };
const zones = Intl.supportedValuesOf('timeZone');

/** A local time in a zone, the first of two. */
const local = (iso: string, zone: string) => DateTime.fromISO(iso, { zone }).toJSDate();
const utc = (iso: string) => new Date(`${iso}Z`);

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Whether a zone's clock reads within the hours, asked of Luxon. */
function reads(time: number, zone: string, hours: SendHours): boolean {
  const clock = DateTime.fromMillis(time, { zone });
  const minute = clock.hour * 60 + clock.minute;
  return minute >= minutes(hours.start) && minute < minutes(hours.end);
}

const anyZone = fc.constantFrom(...zones);
const anyTime = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 11, 31) });
const anyHours = fc
  .uniqueArray(fc.integer({ min: 0, max: 24 * 4 }), { minLength: 2, maxLength: 2 })
  .map((quarters) => quarters.sort((a, b) => a - b).map((q) => DateTime.utc(2026).plus({ minutes: q * 15 })))
  .map(([start, end]) => ({ start: start?.toFormat('HH:mm') ?? '', end: end?.toFormat('HH:mm') ?? '' }))
  .map((hours) => (hours.end === '00:00' ? { ...hours, end: '24:00' } : hours));
const anyPlace = fc.oneof(
  anyZone.map((zone): Place => ({ zones: [zone], sure: true })),
  fc
    .constantFrom('+46701234567', '+13055550123', '+12085550123', '+14015550123', '+919876543210', '+61412345678')
    .map((phone): Place => candidateZones({ phone })),
  fc.constant<Place>(candidateZones({ phone: '+18005551234' })),
);

describe('the tenant’s hours on the person’s clock', () => {
  test.each([
    ['08:59:59', false],
    ['09:00:00', true],
    ['19:59:59', true],
    ['20:00:00', false],
  ])('at %s in Stockholm: %s', (time, open) => {
    expect(isOpen(local(`2026-11-24T${time}`, 'Europe/Stockholm'), stockholm, usual)).toBe(open);
  });

  test('the end may be midnight, and days open into each other', () => {
    const allDay = { start: '00:00', end: '24:00' };
    const at = local('2026-11-24T23:59:59', 'Europe/Stockholm');
    expect(isOpen(at, stockholm, allDay)).toBe(true);
    expect(closesAt(at, stockholm, allDay).getTime() - at.getTime()).toBeGreaterThan(12 * 60 * MINUTE);
  });

  test('several candidate zones: open only where all are', () => {
    const place: Place = { zones: ['America/New_York', 'America/Los_Angeles'], sure: true };
    const opens = nextOpening(local('2026-11-24T00:00', 'America/New_York'), place, usual);
    expect(opens).toEqual(local('2026-11-24T12:00', 'America/New_York'));
    expect(closesAt(opens, place, usual)).toEqual(local('2026-11-24T20:00', 'America/New_York'));
  });

  test('a window of one place may cross midnight of another: Sydney’s morning is the day before in Honolulu', () => {
    const place: Place = { zones: ['Australia/Sydney', 'Pacific/Honolulu'], sure: true };
    const opens = nextOpening(utc('2026-11-24T12:00'), place, usual);
    expect(opens).toEqual(local('2026-11-25T09:00', 'Australia/Sydney'));
    expect(closesAt(opens, place, usual)).toEqual(local('2026-11-24T20:00', 'Pacific/Honolulu'));
  });

  test('places without a common hour are named, with what to do', () => {
    const place: Place = { zones: ['America/Los_Angeles', 'Asia/Kolkata'], sure: true };
    const ask = () => nextOpening(utc('2026-11-24T12:00'), place, { start: '10:00', end: '17:00' });
    expect(ask).toThrow(expect.objectContaining({ code: 'misconfigured' }));
    expect(ask).toThrow(/Asia\/Kolkata/);
  });

  test.each([
    { start: '20:00', end: '09:00' },
    { start: '9', end: '20:00' },
    { start: '09:00', end: '24:01' },
    { start: '09:75', end: '20:00' },
  ])('hours that are none are refused: %j', (hours) => {
    expect(() => isOpen(utc('2026-11-24T12:00'), stockholm, hours)).toThrow(
      expect.objectContaining({ code: 'validation_error' }),
    );
  });

  test('no zone at all is never open', () => {
    expect(isOpen(utc('2026-11-24T12:00'), { zones: [], sure: true }, usual)).toBe(false);
  });

  test('an unknown zone is refused', () => {
    expect(() => isOpen(utc('2026-11-24T12:00'), { zones: ['Mars/Base'], sure: true }, usual)).toThrow('Mars/Base');
  });
});

describe('the law’s hours cut the tenant’s', () => {
  test('COMPLIANCE T3.2 Florida area code, California address: held at 20:30 Eastern, though it is afternoon in California', () => {
    const place = candidateZones({ phone: '+13055550123', state: 'California', country: 'US' });
    const late = { start: '09:00', end: '21:00' };
    const at = local('2026-11-24T20:30', 'America/New_York');
    expect(isOpen(at, place, late)).toBe(false);
    expect(isOpen(local('2026-11-24T19:30', 'America/New_York'), place, late)).toBe(true);
    expect(nextOpening(at, place, late)).toEqual(local('2026-11-25T09:00', 'America/Los_Angeles'));
  });

  test('COMPLIANCE T3.5 an unknown place: weekdays from 13 to 18 Eastern, no federal holidays', () => {
    const place = candidateZones({ phone: '+18005551234' });
    const eastern = (iso: string) => local(iso, 'America/New_York');
    expect(nextOpening(eastern('2026-11-24T12:59:59'), place, usual)).toEqual(eastern('2026-11-24T13:00'));
    expect(isOpen(eastern('2026-11-24T17:59:59'), place, usual)).toBe(true);
    // Wednesday evening: Thursday is Thanksgiving.
    expect(nextOpening(eastern('2026-11-25T18:00'), place, usual)).toEqual(eastern('2026-11-27T13:00'));
    expect(nextOpening(eastern('2026-11-27T18:00'), place, usual)).toEqual(eastern('2026-11-30T13:00'));
  });

  test('COMPLIANCE T9.2 India: sent at 20:59:59, at 21:00:00 held to 10:00', () => {
    const place = candidateZones({ phone: '+919876543210' });
    const hours = { start: '09:00', end: '22:00' };
    const india = (iso: string) => local(iso, 'Asia/Kolkata');
    expect(isOpen(india('2026-11-24T20:59:59'), place, hours)).toBe(true);
    expect(isOpen(india('2026-11-24T21:00:00'), place, hours)).toBe(false);
    expect(nextOpening(india('2026-11-24T21:00:00'), place, hours)).toEqual(india('2026-11-25T10:00:00'));
  });

  test('Sweden at the weekend: from 10 to 18', () => {
    const place = candidateZones({ phone: '+46701234567' });
    const sweden = (iso: string) => local(iso, 'Europe/Stockholm');
    expect(nextOpening(sweden('2026-11-21T09:00'), place, usual)).toEqual(sweden('2026-11-21T10:00'));
    expect(closesAt(sweden('2026-11-21T12:00'), place, usual)).toEqual(sweden('2026-11-21T18:00'));
  });

  test('a Swedish number in the US waits for the hour that suits both', () => {
    const place = candidateZones({ phone: '+46701234567', country: 'US' });
    const opens = nextOpening(utc('2026-11-24T08:00'), place, usual);
    expect(opens).toEqual(local('2026-11-24T19:00', 'Europe/Stockholm'));
    expect(closesAt(opens, place, usual)).toEqual(local('2026-11-24T20:00', 'Europe/Stockholm'));
  });
});

describe('when the clock is turned', () => {
  test('nine o’clock moves by an hour over both changes', () => {
    expect(nextOpening(utc('2026-03-28T21:00'), stockholm, usual)).toEqual(utc('2026-03-29T07:00'));
    expect(nextOpening(utc('2026-10-24T21:00'), stockholm, usual)).toEqual(utc('2026-10-25T08:00'));
  });

  test('a start that is skipped opens at the turn; an end that is skipped closes at it', () => {
    const early = { start: '02:30', end: '10:00' };
    expect(nextOpening(utc('2026-03-29T00:00'), stockholm, early)).toEqual(utc('2026-03-29T01:00'));
    const night = { start: '00:30', end: '02:30' };
    expect(closesAt(utc('2026-03-29T00:00'), stockholm, night)).toEqual(utc('2026-03-29T01:00'));
  });

  test('a start that comes twice opens at the second; an end that comes twice closes at the first', () => {
    const early = { start: '02:30', end: '10:00' };
    expect(nextOpening(utc('2026-10-25T00:00'), stockholm, early)).toEqual(utc('2026-10-25T01:30'));
    const night = { start: '00:30', end: '02:30' };
    expect(closesAt(utc('2026-10-25T00:00'), stockholm, night)).toEqual(utc('2026-10-25T00:30'));
  });

  /** UTC days of 2027 in which the zone's offset changes: weeks first, then the days of those that differ. */
  function turningDays(zone: string): number[] {
    const offset = (time: number) => DateTime.fromMillis(time, { zone }).offset;
    const turns = (from: number, length: number) => offset(from) !== offset(from + length);
    const weeks = Array.from({ length: 53 }, (_, i) => Date.UTC(2027, 0, 1) + i * 7 * DAY);
    const days = weeks
      .filter((week) => turns(week, 7 * DAY))
      .flatMap((week) => [0, 1, 2, 3, 4, 5, 6].map((i) => week + i * DAY));
    return days.filter((day) => turns(day, DAY));
  }

  test('COMPLIANCE T3.1 both changes in every zone: never open outside the hours, always open inside the usual ones', () => {
    const night = { start: '00:45', end: '03:15' };
    let turns = 0;
    for (const zone of zones) {
      const place: Place = { zones: [zone], sure: true };
      for (const day of turningDays(zone)) {
        turns++;
        for (let time = day - DAY / 2; time < day + DAY * 1.5; time += 15 * MINUTE) {
          const at = new Date(time);
          if (isOpen(at, place, night) && !reads(time, zone, night))
            throw new Error(`${zone} ${at.toISOString()} night`);
          if (isOpen(at, place, usual) !== reads(time, zone, usual)) throw new Error(`${zone} ${at.toISOString()}`);
        }
      }
    }
    expect(turns).toBeGreaterThan(150);
  }, 60_000);

  test('COMPLIANCE T3.1 both changes in every place of the US: never open outside the state’s window', () => {
    for (const state of ['FL', 'TX', 'RI', 'KY', 'AL', 'CA', 'AZ', 'ID', 'AK', 'HI', 'PR']) {
      const place = candidateZones({ state });
      for (const turn of [Date.UTC(2027, 2, 14), Date.UTC(2027, 10, 7)]) {
        for (let time = turn - 2 * DAY; time < turn + 2 * DAY; time += 15 * MINUTE) {
          if (!isOpen(new Date(time), place, { start: '00:00', end: '24:00' })) continue;
          for (const zone of place.zones) expect(insideLaw(time, zone, place)).toBe(true);
        }
      }
    }
  });

  function insideLaw(time: number, zone: string, place: Place): boolean {
    const clock = DateTime.fromMillis(time, { zone });
    const window = legalWindow(place, zone, clock);
    const minute = clock.hour * 60 + clock.minute;
    return window !== undefined && minute >= window.start && minute < window.end;
  }
});

describe('at any instant of 2024 to 2030, in any zone, with any hours', () => {
  test('it is never open outside the tenant’s hours', () => {
    fc.assert(
      fc.property(anyPlace, anyTime, anyHours, (place, time, hours) => {
        const open = isOpen(new Date(time), place, hours);
        const inside = place.zones.every((zone) => reads(time, zone, hours));
        expect(open && !inside).toBe(false);
      }),
      { numRuns: 800 },
    );
  });

  test('the next opening is not before, is open, and nothing between is', () => {
    fc.assert(
      fc.property(anyPlace, anyTime, (place, time) => {
        const opens = nextOpening(new Date(time), place, usual).getTime();
        expect(opens).toBeGreaterThanOrEqual(time);
        expect(isOpen(new Date(opens), place, usual)).toBe(true);
        const between = Array.from({ length: Math.ceil((opens - time) / MINUTE) }, (_, i) => time + i * MINUTE);
        expect(between.filter((minute) => isOpen(new Date(minute), place, usual))).toEqual([]);
        if (opens > time) expect(isOpen(new Date(opens - 1), place, usual)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('it stays open until it closes', () => {
    fc.assert(
      fc.property(anyPlace, anyTime, (place, time) => {
        const at = nextOpening(new Date(time), place, usual);
        const closes = closesAt(at, place, usual).getTime();
        expect(closes).toBeGreaterThan(at.getTime());
        expect(isOpen(new Date(closes - 1), place, usual)).toBe(true);
        expect(isOpen(new Date(closes), place, usual)).toBe(false);
        expect(closesAt(new Date(closes), place, usual).getTime()).toBe(closes);
        const middle = new Date((at.getTime() + closes) / 2);
        expect(closesAt(middle, place, usual).getTime()).toBe(closes);
      }),
      { numRuns: 500 },
    );
  });

  test('one more candidate zone never opens anything', () => {
    fc.assert(
      fc.property(anyPlace, anyZone, anyTime, (place, zone, time) => {
        const wider = { ...place, zones: [...place.zones, zone] };
        expect(isOpen(new Date(time), wider, usual) && !isOpen(new Date(time), place, usual)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
