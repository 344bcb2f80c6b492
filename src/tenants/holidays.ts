/** A public holiday of a whole country. */
export interface Holiday {
  /** `2026-12-25`, local. */
  day: string;
  /** In English. */
  name: string;
}

/** Each country's year is worked out once. */
export interface Holidays {
  /**
   * Public holidays that a whole country keeps in a year, in order; those of single states are not among them, and there
   * are none for a country that the library does not know. The library (20 MB) is loaded when it is first asked.
   */
  of(country: string, year: number): Promise<readonly Holiday[]>;
}

export function createHolidays(): Holidays {
  const known = new Map<string, Promise<readonly Holiday[]>>();
  return {
    of(country, year) {
      const key = `${country}/${year}`;
      const before = known.get(key);
      if (before) return before;
      const asked = read(country, year);
      known.set(key, asked);
      asked.catch(() => known.delete(key));
      return asked;
    },
  };
}

async function read(country: string, year: number): Promise<readonly Holiday[]> {
  const { default: Calendar } = await import('date-holidays');
  const calendar = new Calendar(country);
  // an unknown country gives nothing at all
  const found = calendar.getHolidays(year, 'en') ?? [];
  return found.filter(({ type }) => type === 'public').map(({ date, name }) => ({ day: date.slice(0, 10), name }));
}
