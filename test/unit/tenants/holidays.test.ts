import { describe, expect, test } from '@jest/globals';
import { createHolidays } from '../../../src/tenants/holidays.ts';

const holidays = createHolidays();
const daysOf = async (country: string, year: number) => (await holidays.of(country, year)).map(({ day }) => day);

describe('public holidays', () => {
  test('are those that the whole country keeps, with their names', async () => {
    expect(await holidays.of('SE', 2026)).toContainEqual({ day: '2026-06-20', name: 'Midsummer Day' });
    expect(await daysOf('US', 2026)).toEqual(expect.arrayContaining(['2026-07-03', '2026-11-26']));
    // kept in some states only
    expect(await daysOf('DE', 2026)).not.toContain('2026-08-15');
    expect(await daysOf('DE', 2026)).toContain('2026-10-03');
  });

  test('move with the year, and are worked out once', async () => {
    expect(await daysOf('GB', 2027)).toContain('2027-03-26');
    expect(holidays.of('GB', 2027)).toBe(holidays.of('GB', 2027));
  });

  test('are none where none are known', async () => {
    expect(await daysOf('XX', 2026)).toEqual([]);
    expect(await daysOf('', 2026)).toEqual([]);
  });
});
