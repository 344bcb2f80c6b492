import { getAllCountries, getCountry } from 'countries-and-timezones';
import { foldPlace } from './gazetteer.ts';

/** Names that people use and no list has. */
const EVERYDAY: Readonly<Record<string, string>> = {
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  america: 'US',
  usa: 'US',
  holland: 'NL',
  uae: 'AE',
};
/** Languages in which countries are known by name. */
const LANGUAGES = ['en', 'sv', 'es', 'de', 'hi'];

let names: ReadonlyMap<string, string> | undefined;

function byName(): ReadonlyMap<string, string> {
  if (names) return names;
  const found = new Map(Object.entries(EVERYDAY));
  const readers = LANGUAGES.map((language) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }));
  for (const { id, name } of Object.values(getAllCountries())) {
    for (const each of [name, ...readers.map((reader) => reader.of(id) ?? '')]) {
      if (each !== '') found.set(foldPlace(each), id);
    }
  }
  names = found;
  return found;
}

/** ISO2 of a country as somebody wrote it: `se`, `Sweden`, `Schweden`, `U.S.A.`; undefined when it is none. */
export function countryCode(text: string | undefined): string | undefined {
  const bare = text?.trim() ?? '';
  if (bare === '') return undefined;
  const code = bare.toUpperCase();
  if (/^[A-Z]{2}$/.test(code) && getCountry(code)) return code;
  const folded = foldPlace(bare);
  return byName().get(folded) ?? byName().get(folded.replaceAll(' ', ''));
}
