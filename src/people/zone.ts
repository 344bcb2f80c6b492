/**
 * Where a person may be, read from what is known of them. Every place that was said or that the number tells is a
 * candidate and all of them count (the strictest wins when a message is to leave); a more exact statement within the
 * same country narrows the wider one.
 */
import { getCountry, getTimezone } from 'countries-and-timezones';
import { isZone } from '../lib/zones.ts';
import { REGIONS, type Region, regionsOfAreaCode } from './area-codes.ts';
import { countriesOf } from './phone.ts';

/** What is known of a person's whereabouts. `phone` is E.164, `zone` IANA, `country` ISO2, `state` a postal code or name. */
export interface KnownPlace {
  phone?: string;
  zone?: string;
  country?: string;
  state?: string;
}

/**
 * Where a person may be. `zones` is never empty and starts with the likeliest; `country` is the one the number belongs
 * to, else the one stated, `otherCountries` the further candidates; `states` are postal codes of the US and Canada.
 * `sure` is false when nothing tells the place, or only "the United States": then the strictest window applies.
 */
export interface PersonPlace {
  zones: string[];
  country?: string;
  otherCountries?: string[];
  states?: string[];
  sure: boolean;
}

/** One candidate country with what is known inside it. No zones: somewhere in it, but we cannot tell where. */
interface Candidate {
  country: string;
  states: string[];
  zones: string[];
}

/** Stands for a person of whom nothing is known; the window for unknown places is counted in it. */
const UNKNOWN_PLACE_ZONE = 'America/New_York';

/** The zone most people of a many-zoned country live in; elsewhere the country's first zone is a fair guess. */
const MAIN_ZONE: Record<string, string> = {
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CD: 'Africa/Kinshasa',
  CL: 'America/Santiago',
  CY: 'Asia/Nicosia',
  ES: 'Europe/Madrid',
  GL: 'America/Nuuk',
  KI: 'Pacific/Tarawa',
  MN: 'Asia/Ulaanbaatar',
  MX: 'America/Mexico_City',
  MY: 'Asia/Kuala_Lumpur',
  PF: 'Pacific/Tahiti',
  PG: 'Pacific/Port_Moresby',
  PT: 'Europe/Lisbon',
  RU: 'Europe/Moscow',
  UZ: 'Asia/Tashkent',
  VN: 'Asia/Ho_Chi_Minh',
};

/** What the zone list says, asked once: it searches itself from end to end each time. */
const countryZones = new Map<string, readonly string[]>();

/** Places with phone numbers of their own that the zone list does not know. */
const UNLISTED_COUNTRIES: Record<string, string> = {
  AC: 'Atlantic/St_Helena',
  TA: 'Atlantic/St_Helena',
  XK: 'Europe/Belgrade',
};

/** All zones a person may be in, and the states and countries whose rules may count. Unknown input is passed over. */
export function candidateZones(place: KnownPlace): PersonPlace {
  const zone = place.zone !== undefined && isZone(place.zone) ? place.zone : undefined;
  const fromPhone = phoneCandidate(place.phone);
  const fromState = stateCandidate(place.state, place.country);
  const stated = [fromState, fromPhone].filter((candidate) => candidate !== undefined);
  const fromZone = zoneCandidate(zone, stated);
  const exact = [fromZone, ...stated].filter((candidate) => candidate !== undefined);
  const fromCountry = countryCandidate(place.country, exact);
  const candidates = [...exact, ...(fromCountry ? [fromCountry] : [])].map((candidate) => narrow(candidate, zone));

  const zones = distinct(candidates.flatMap((candidate) => candidate.zones));
  const states = distinct(candidates.flatMap((candidate) => candidate.states));
  const numberCountry = fromPhone?.country ?? countriesOf(place.phone ?? '')[0];
  const [country, ...otherCountries] = distinct([
    ...(numberCountry === undefined ? [] : [numberCountry]),
    ...candidates.map((candidate) => candidate.country),
  ]);
  return {
    zones: zones.length > 0 ? zones : [UNKNOWN_PLACE_ZONE],
    ...(country !== undefined && { country }),
    ...(otherCountries.length > 0 && { otherCountries }),
    ...(states.length > 0 && { states }),
    sure: candidates.length > 0 && candidates.every((candidate) => candidate.zones.length > 0),
  };
}

/**
 * The one zone to show and to count days in: `preferred` (the owner's, the tenant's) when it is a candidate or nothing is
 * known, else the likeliest.
 */
export function primaryZone(place: { zones: readonly string[]; sure: boolean }, preferred?: string): string {
  if (preferred !== undefined && (!place.sure || includesZone(place.zones, preferred))) return preferred;
  return place.zones[0] ?? UNKNOWN_PLACE_ZONE;
}

function phoneCandidate(phone: string | undefined): Candidate | undefined {
  if (phone === undefined) return undefined;
  const regions = phone.startsWith('+1') ? regionsOfAreaCode(phone.slice(2, 5)) : [];
  if (regions.length > 0) return regionCandidate(regions);
  const countries = countriesOf(phone);
  const [country] = countries;
  // What is left of +1 with country US is toll-free, personal or not yet known: it tells nothing of the place.
  if (country === undefined || country === 'US' || (phone.startsWith('+1') && countries.length > 1)) return undefined;
  return { country, states: [], zones: distinct(countries.flatMap(zonesOfCountry)) };
}

function stateCandidate(state: string | undefined, country: string | undefined): Candidate | undefined {
  if (state === undefined || (country !== undefined && !['US', 'CA'].includes(country.toUpperCase()))) return undefined;
  const wanted = state
    .trim()
    .toLowerCase()
    .replace(/^(us|ca)-/, '');
  const region = REGIONS.find(({ code, name }) => code.toLowerCase() === wanted || name.toLowerCase() === wanted);
  return region && regionCandidate([region]);
}

function regionCandidate(regions: readonly Region[]): Candidate {
  return {
    country: regions[0]?.country ?? 'US',
    states: regions.map((region) => region.code),
    zones: distinct(regions.flatMap((region) => region.zones)),
  };
}

/** In the US a bare zone means any state that keeps it, unless a state or area code inside that zone is known. */
function zoneCandidate(zone: string | undefined, stated: readonly Candidate[]): Candidate | undefined {
  if (zone === undefined) return undefined;
  const country = getTimezone(zone)?.countries[0] ?? getTimezone(canonical(zone))?.countries[0];
  if (country === undefined) return undefined;
  const known = stated.some((candidate) => candidate.states.length > 0 && includesZone(candidate.zones, zone));
  const regions = known || country !== 'US' ? [] : REGIONS.filter((region) => region.country === country);
  const states = regions.filter((region) => includesZone(region.zones, zone)).map((region) => region.code);
  return { country, states, zones: [zone] };
}

function countryCandidate(country: string | undefined, exact: readonly Candidate[]): Candidate | undefined {
  const code = country?.trim().toUpperCase();
  if (code === undefined || !/^[A-Z]{2}$/.test(code) || exact.some((candidate) => candidate.country === code))
    return undefined;
  const region = REGIONS.find((candidate) => isTerritory(code) && candidate.code === code);
  if (region) return regionCandidate([region]);
  if (code === 'US') return { country: 'US', states: [], zones: [] };
  const zones = zonesOfCountry(code);
  return zones.length > 0 ? { country: code, states: [], zones: [...zones] } : undefined;
}

function narrow(candidate: Candidate, zone: string | undefined): Candidate {
  return zone !== undefined && includesZone(candidate.zones, zone) ? { ...candidate, zones: [zone] } : candidate;
}

/** Zones of a country under its own names (Sweden: Europe/Stockholm, not the Europe/Berlin it is linked to), main one first. */
function zonesOfCountry(country: string): readonly string[] {
  const known = countryZones.get(country);
  if (known) return known;
  const zones = findZonesOfCountry(country);
  countryZones.set(country, zones);
  return zones;
}

function findZonesOfCountry(country: string): string[] {
  const current = getCountry(country)?.timezones ?? [];
  const all = getCountry(country, { deprecated: true })?.timezones ?? [];
  const named = (current.length > 0 ? current : all).map((zone) => {
    if (getTimezone(zone)?.countries[0] === country) return zone;
    return all.find((alias) => alias.includes('/') && getTimezone(alias)?.aliasOf === zone) ?? zone;
  });
  const main = MAIN_ZONE[country] ?? UNLISTED_COUNTRIES[country];
  return distinct([...(main ? [main] : []), ...named]).filter(isZone);
}

function includesZone(zones: readonly string[], zone: string): boolean {
  return zones.some((candidate) => canonical(candidate) === canonical(zone));
}

function canonical(zone: string): string {
  return getTimezone(zone)?.aliasOf ?? zone;
}

/** Territories have ISO codes of their own, but US rules and state-like area codes. */
function isTerritory(country: string): boolean {
  return ['PR', 'VI', 'GU', 'MP', 'AS'].includes(country);
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
