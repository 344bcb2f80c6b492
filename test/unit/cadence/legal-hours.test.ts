import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { isUsFederalHoliday, type Jurisdiction, type LocalDay, legalWindow } from '../../../src/cadence/legal-hours.ts';
import { LEGAL_HOURS, type LegalHours } from '../../../src/cadence/legal-hours-data.ts';

const localDay = (iso: string): LocalDay => {
  const { year, month, day, weekday } = DateTime.fromISO(iso, { zone: 'utc' });
  return { year, month, day, weekday };
};
/** `09-20`, or `closed`. */
const hoursOf = (law: Jurisdiction, iso: string, zone = 'America/Chicago', rules?: LegalHours[]) => {
  const window = legalWindow(law, zone, localDay(iso), rules);
  return window ? `${window.start / 60}-${window.end / 60}` : 'closed';
};
const us = (...states: string[]): Jurisdiction => ({ country: 'US', states, sure: true });

const [tuesday, saturday, sunday, christmas] = ['2026-11-24', '2026-11-21', '2026-11-22', '2026-12-25'];

describe('the hours of the law', () => {
  test.each([
    ['New York', us('NY'), '9-20', '9-20', 'closed', '9-20'],
    ['Florida', us('FL'), '9-20', '9-20', 'closed', '9-20'],
    ['Kentucky', us('KY'), '10-20', '10-20', 'closed', '10-20'],
    ['Rhode Island', us('RI'), '9-18', '10-17', 'closed', '9-18'],
    ['Alabama', us('AL'), '9-20', '9-20', 'closed', 'closed'],
    ['Louisiana', us('LA'), '9-20', '9-20', 'closed', 'closed'],
    ['Mississippi', us('MS'), '9-20', '9-20', 'closed', '9-20'],
    ['Rhode Island or Kentucky', us('RI', 'KY'), '10-18', '10-17', 'closed', '10-18'],
    ['Sweden', { country: 'SE', sure: true }, '8-20', '10-18', '10-18', '8-20'],
    ['India', { country: 'IN', sure: true }, '10-21', '10-21', '10-21', '10-21'],
    ['Germany', { country: 'DE', sure: true }, '0-24', '0-24', '0-24', '0-24'],
    ['Sweden or India', { country: 'SE', otherCountries: ['IN'], sure: true }, '10-20', '10-18', '10-18', '10-20'],
    ['a Canadian province', { country: 'CA', states: ['ON'], sure: true }, '0-24', '0-24', '0-24', '0-24'],
  ])('%s', (_name, law, onTuesday, onSaturday, onSunday, onChristmas) => {
    const days = [tuesday, saturday, sunday, christmas].map((iso) => hoursOf(law, iso));
    expect(days).toEqual([onTuesday, onSaturday, onSunday, onChristmas]);
  });

  test.each([
    ['an unknown place', { sure: false }],
    ['somewhere in the US', { country: 'US', sure: false }],
    ['a Swedish number in the US', { country: 'SE', otherCountries: ['US'], sure: false }],
  ])('%s is open on weekdays from 13 to 18 Eastern, never on holidays', (_name, law) => {
    const days = [tuesday, saturday, sunday, christmas].map((iso) => hoursOf(law, iso, 'America/New_York'));
    expect(days).toEqual(['13-18', 'closed', 'closed', 'closed']);
  });

  test('a place of which only the country is known, outside the US, has the hours of that country', () => {
    expect(hoursOf({ country: 'SE', sure: false }, tuesday, 'Europe/Stockholm')).toBe('8-20');
  });
});

describe('dated rows', () => {
  const rule = (from: string, end: number): LegalHours => ({
    id: 'se',
    place: 'SE',
    from,
    weekdays: [8, end],
    saturday: 'closed',
    sunday: 'closed',
  });

  test('a later version takes over on its day, whatever the order of the rows', () => {
    const rules = [rule('2026-11-24', 17), rule('1970-01-01', 20)];
    const law = { country: 'SE', sure: true };
    expect(hoursOf(law, '2026-11-23', 'Europe/Stockholm', rules)).toBe('8-20');
    expect(hoursOf(law, '2026-11-24', 'Europe/Stockholm', rules)).toBe('8-17');
    expect(hoursOf(law, '2027-11-24', 'Europe/Stockholm', rules)).toBe('8-17');
  });

  test('a rule that is not yet in force closes nothing', () => {
    expect(hoursOf({ country: 'SE', sure: true }, '2026-11-24', 'Europe/Stockholm', [rule('2026-11-25', 17)])).toBe(
      '0-24',
    );
  });

  test('each row has real dates and hours that can be kept', () => {
    for (const { from, weekdays, saturday, sunday } of LEGAL_HOURS) {
      expect(DateTime.fromISO(from).toISODate()).toBe(from);
      for (const hours of [weekdays, saturday, sunday]) {
        if (hours === 'closed') continue;
        expect(hours[0]).toBeGreaterThanOrEqual(8);
        expect(hours[1]).toBeLessThanOrEqual(21);
        expect(hours[1]).toBeGreaterThan(hours[0]);
      }
    }
  });
});

describe('US federal holidays', () => {
  test('2026, with Independence Day kept on the Friday before', () => {
    expect(holidaysOf(2026)).toEqual([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-07-04',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ]);
  });

  test('2027, with days kept on the Friday before and the Monday after, the next New Year among them', () => {
    const days = ['2027-06-18', '2027-06-19', '2027-07-04', '2027-07-05', '2027-12-24', '2027-12-25', '2027-12-31'];
    expect(holidaysOf(2027)).toEqual(expect.arrayContaining(days));
    expect(holidaysOf(2027)).toHaveLength(15);
  });
});

function holidaysOf(year: number): string[] {
  const first = DateTime.utc(year);
  const days = Array.from({ length: 365 }, (_, i) => first.plus({ days: i }));
  return days.filter((day) => isUsFederalHoliday(localDay(day.toISODate() ?? ''))).map((day) => day.toISODate() ?? '');
}
