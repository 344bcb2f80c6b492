import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isOpen, nextOpening } from '../../../src/cadence/hours.ts';
import { planSteps } from '../../../src/cadence/plan.ts';
import { candidateZones, primaryZone } from '../../../src/people/zone.ts';

const hours = { start: '09:00', end: '20:00' };
const step = (day: number, at?: string) => ({
  key: `day_${day}${at ?? ''}`,
  day,
  template: `t${day}`,
  ...(at && { at }),
});
const drive = [step(0), step(2), step(7), step(14)];

/** Plans in the zone of a phone number; `at` is local there. Due times as local time. */
function plan(phone: string, at: string, steps = drive, sendHours = hours) {
  const place = candidateZones({ phone });
  const zone = primaryZone(place);
  const enrolledAt = DateTime.fromISO(at, { zone }).toJSDate();
  const planned = planSteps({ steps, enrolledAt, place, zone, hours: sendHours, defaultTime: '10:00' });
  return planned.map(({ dueAt }) => DateTime.fromJSDate(dueAt, { zone }).toFormat('ccc yyyy-LL-dd HH:mm:ss'));
}

const [sweden, newYork, germany, unknown] = ['+46701234567', '+12125550123', '+4915112345678', '+18005551234'];

describe('the plan of a test drive', () => {
  test('day 0 at once, then at ten o’clock on days 2, 7 and 14', () => {
    expect(plan(sweden, '2026-11-24T10:42:07')).toEqual([
      'Tue 2026-11-24 10:42:07',
      'Thu 2026-11-26 10:00:00',
      'Tue 2026-12-01 10:00:00',
      'Tue 2026-12-08 10:00:00',
    ]);
  });

  test('keys, days and templates are those of the steps', () => {
    const place = candidateZones({ phone: sweden });
    const enrolledAt = new Date('2026-11-24T09:42:07Z');
    const planned = planSteps({
      steps: drive,
      enrolledAt,
      place,
      zone: 'Europe/Stockholm',
      hours,
      defaultTime: '10:00',
    });
    expect(planned[0]).toEqual({ key: 'day_0', day: 0, template: 't0', dueAt: enrolledAt, closed: false });
    expect(planned.map(({ key }) => key)).toEqual(['day_0', 'day_2', 'day_7', 'day_14']);
  });

  test.each([
    ['2026-11-24T19:59:59', 'Tue 2026-11-24 19:59:59'],
    ['2026-11-24T20:00:00', 'Wed 2026-11-25 09:00:00'],
    ['2026-11-24T06:30:00', 'Tue 2026-11-24 09:00:00'],
    ['2026-11-21T18:00:00', 'Sun 2026-11-22 10:00:00'],
  ])('enrolled in Sweden at %s, day 0 leaves %s', (at, due) => {
    expect(plan(sweden, at)[0]).toBe(due);
  });

  test('ten o’clock stays ten o’clock over both changes of the clock', () => {
    expect(plan(germany, '2026-03-24T12:00').slice(1).map(timeOf)).toEqual(['10:00:00', '10:00:00', '10:00:00']);
    expect(plan(germany, '2026-10-22T12:00').slice(1).map(timeOf)).toEqual(['10:00:00', '10:00:00', '10:00:00']);
  });

  test('days are counted on the person’s calendar', () => {
    // 23:30 in New York is the next day in UTC.
    expect(plan(newYork, '2026-11-24T23:30').slice(0, 2)).toEqual([
      'Wed 2026-11-25 09:00:00',
      'Thu 2026-11-26 10:00:00',
    ]);
  });

  test('a step on a closed day moves to the next opening: no Sundays in the US', () => {
    expect(plan(newYork, '2026-11-20T12:00', [step(0), step(2)])).toEqual([
      'Fri 2026-11-20 12:00:00',
      'Mon 2026-11-23 09:00:00',
    ]);
  });

  test('nothing is known of the place: weekday afternoons only', () => {
    expect(plan(unknown, '2026-11-25T19:00', [step(0), step(7)])).toEqual([
      'Fri 2026-11-27 13:00:00',
      'Wed 2026-12-02 13:00:00',
    ]);
  });
});

describe('steps that come close', () => {
  test('a step after one that had to wait keeps its time of day, 12 hours later at the least', () => {
    // Saturday evening in New York: day 0 waits for Monday 09:00, when the steps of day 1 and 2 would leave too.
    expect(plan(newYork, '2026-11-21T21:00', [step(0), step(1), step(2)])).toEqual([
      'Mon 2026-11-23 09:00:00',
      'Tue 2026-11-24 10:00:00',
      'Wed 2026-11-25 10:00:00',
    ]);
  });

  test('two steps of one day keep their own times', () => {
    expect(plan(germany, '2026-11-24T12:00', [step(2, '16:00'), step(2)])).toEqual([
      'Thu 2026-11-26 10:00:00',
      'Thu 2026-11-26 16:00:00',
    ]);
  });

  test('two steps of the same moment go on two days', () => {
    expect(plan(germany, '2026-11-24T12:00', [step(2), { ...step(2), key: 'again' }])).toEqual([
      'Thu 2026-11-26 10:00:00',
      'Fri 2026-11-27 10:00:00',
    ]);
  });

  test('a time of day 0 that is past means now', () => {
    expect(plan(germany, '2026-11-24T12:00', [step(0, '10:30'), step(0, '18:30')])).toEqual([
      'Tue 2026-11-24 12:00:00',
      'Tue 2026-11-24 18:30:00',
    ]);
  });

  test('a time outside the hours moves to the opening', () => {
    expect(plan(germany, '2026-11-24T12:00', [step(1, '07:00'), step(2, '21:00')])).toEqual([
      'Wed 2026-11-25 09:00:00',
      'Fri 2026-11-27 09:00:00',
    ]);
  });
});

describe('any cadence, anywhere, at any time', () => {
  const anyone = fc.constantFrom(sweden, newYork, germany, unknown, '+61412345678', '+919876543210', '+12085550123');
  const anyTime = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 11, 31) }).map((time) => new Date(time));
  const anySteps = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.option(fc.constantFrom('08:00', '12:30', '19:45', '23:00'))), {
      maxLength: 6,
    })
    .map((list) => list.map(([day, at], i) => ({ ...step(day, at ?? undefined), key: `s${i}` })));

  test('each step is planned once, in the hours, after the one before and not before the enrolment', () => {
    fc.assert(
      fc.property(anyone, anyTime, anySteps, (phone, enrolledAt, steps) => {
        const place = candidateZones({ phone });
        const zone = primaryZone(place);
        const planned = planSteps({ steps, enrolledAt, place, zone, hours, defaultTime: '10:00' });
        expect(planned.map(({ key }) => key).sort()).toEqual(steps.map(({ key }) => key).sort());
        let before = enrolledAt.getTime() - 1;
        for (const { dueAt } of planned) {
          expect(dueAt.getTime()).toBeGreaterThan(before);
          expect(isOpen(dueAt, place, hours)).toBe(true);
          before = dueAt.getTime();
        }
      }),
      { numRuns: 500 },
    );
  });

  test('later steps leave at ten o’clock local of their day, unless that is closed', () => {
    fc.assert(
      fc.property(anyone, anyTime, (phone, enrolledAt) => {
        const place = candidateZones({ phone });
        const zone = primaryZone(place);
        const planned = planSteps({ steps: drive, enrolledAt, place, zone, hours, defaultTime: '10:00' });
        const enrolled = DateTime.fromJSDate(enrolledAt, { zone });
        // Day 2 may have to keep clear of a day 0 that waited over a weekend.
        for (const { day, dueAt } of planned.slice(2)) {
          const ten = enrolled.plus({ days: day }).set({ hour: 10, minute: 0, second: 0, millisecond: 0 }).toJSDate();
          expect(dueAt).toEqual(nextOpening(ten, place, hours));
        }
      }),
      { numRuns: 300 },
    );
  });
});

function timeOf(local: string): string {
  return local.slice(-8);
}
