import { getAllCountries, getCountry, getTimezone } from 'countries-and-timezones';

/** `Sweden`; the code itself where there is no such country. */
export const countryName = (code: string): string => getCountry(code)?.name ?? code;

/** A country by its English name or its two letters, as ISO 3166-1 alpha-2. */
export function countryOf(words: string): string | undefined {
  const wanted = words.trim().toLowerCase();
  if (/^[a-z]{2}$/.test(wanted)) return getCountry(wanted.toUpperCase())?.id;
  return Object.values(getAllCountries()).find(({ name }) => name.toLowerCase() === wanted)?.id;
}

/** Zones by which a country goes, the names of its own before those it shares: Sweden's is `Europe/Stockholm`. */
function zonesOf(country: string): readonly string[] {
  const isOwn = (zone: string) => getTimezone(zone)?.countries[0] === country;
  const today = getCountry(country)?.timezones ?? [];
  const former = everyZoneOf(country).filter((zone) => isOwn(zone) && zone.includes('/'));
  return [today.filter(isOwn), former, today].find((zones) => zones.length > 0) ?? [];
}

/** With names that the IANA has made links to others since. */
const everyZoneOf = (country: string): readonly string[] => getCountry(country, { deprecated: true })?.timezones ?? [];

/** A zone by its name or its city; where none is given, the only one of the country. */
export function zoneOf(words: string, country: string): string | undefined {
  const zones = zonesOf(country);
  if (words === '') return zones.length === 1 ? zones[0] : undefined;
  const wanted = words.toLowerCase().replaceAll(' ', '_');
  const all = everyZoneOf(country);
  return (
    all.find((zone) => zone.toLowerCase() === wanted) ?? all.find((zone) => zone.toLowerCase().endsWith(`/${wanted}`))
  );
}

/** What to write where a country has several zones. */
export const zoneHelp = (country: string): string =>
  `Choose the time zone, for example ${zonesOf(country).slice(0, 4).join(', ')}.`;
