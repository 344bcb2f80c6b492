import { countryCode } from './country.ts';
import { type City, foldPlace, gazetteer, zipcode, zoneOfZip } from './gazetteer.ts';

/** Where somebody says that they are; each part as it was written. */
export interface StatedPlace {
  postalCode?: string | undefined;
  city?: string | undefined;
  state?: string | undefined;
  country?: string | undefined;
}

/** What a place turned out to be. `zone` IANA, `country` ISO2, `state` a postal code of the US or Canada. */
export interface FoundPlace {
  country?: string;
  state?: string;
  zone?: string;
  /** What told the zone. */
  zoneBy?: 'postal_code' | 'state' | 'city';
  /** Degrees. */
  at?: { lat: number; lon: number };
}

/**
 * Finds a place: the zone by postal code, then state, then city; where it lies by postal code, else by city. A country
 * alone tells neither here; whoever asks has other means for it. `home` (ISO2) is where a place without a country is
 * taken to be, when there is one of that name.
 */
export async function findPlace(stated: StatedPlace, home: string | undefined): Promise<FoundPlace> {
  const country = countryCode(stated.country);
  const region = stated.state ? await byState(stated.state, stated.city, country, home) : {};
  const postal = stated.postalCode ? await byPostalCode(stated.postalCode, country ?? region.country, home) : {};
  const within = country ?? region.country ?? postal.country;
  const city = stated.city ? await byCity(stated.city, stated.state, within, home) : {};
  // what is more exact is said last, so that it counts
  return { ...(country !== undefined && { country }), ...city, ...region, ...postal, ...placed(city, postal) };
}

const placed = (city: FoundPlace, postal: FoundPlace): FoundPlace => {
  const at = postal.at ?? city.at;
  return at ? { at } : {};
};

/**
 * Countries of Europe whose islands keep another time than the mainland, told apart by how their postal codes begin (the provinces
 * of Correos, the regions of CTT). No library at hand knows codes beyond the US and Canada: elsewhere a code tells nothing, and
 * whoever asks takes every zone of the country into account.
 */
const ISLANDS: Readonly<Record<string, { code: RegExp; zones: readonly [RegExp, string][] }>> = {
  ES: {
    code: /^\d{5}$/,
    zones: [
      [/^3[58]/, 'Atlantic/Canary'],
      [/^5[12]/, 'Africa/Ceuta'],
      [/^/, 'Europe/Madrid'],
    ],
  },
  PT: {
    code: /^\d{4}(\d{3})?$/,
    zones: [
      [/^9[0-4]/, 'Atlantic/Madeira'],
      [/^9/, 'Atlantic/Azores'],
      [/^/, 'Europe/Lisbon'],
    ],
  },
};

function ofIslands(code: string, country: string): FoundPlace {
  const tight = code.replace(/[\s-]/g, '');
  const known = Object.hasOwn(ISLANDS, country) ? ISLANDS[country] : undefined;
  const [, zone] = (known?.code.test(tight) && known.zones.find(([begins]) => begins.test(tight))) || [];
  return zone === undefined ? {} : { country, zone, zoneBy: 'postal_code' };
}

async function byPostalCode(code: string, country: string | undefined, home: string | undefined): Promise<FoundPlace> {
  const found = await zipcode(code, country, home);
  if (!found) return ofIslands(code, country ?? home ?? '');
  const at = { lat: found.latitude, lon: found.longitude };
  const ours = found.country === 'US' ? 'US' : 'CA';
  const zone = ours === 'US' ? await zoneOfZip(code.trim().slice(0, 5)) : await zoneNear(at, ours);
  return { country: ours, state: found.state, at, ...(zone !== undefined && { zone, zoneBy: 'postal_code' }) };
}

/** The library leaves some out, such as Perm's. */
const zoneOf = async ({ timezone, lat, lng, iso2 }: City): Promise<string | undefined> =>
  timezone ?? (await zoneNear({ lat, lon: lng }, iso2));

/** The zone of the nearest city of the country. */
async function zoneNear(at: { lat: number; lon: number }, country: string): Promise<string | undefined> {
  const { all } = await gazetteer();
  let nearest: { city: City; miles: number } | undefined;
  for (const city of all) {
    if (city.iso2 !== country || !city.timezone) continue;
    const miles = milesBetween(at, { lat: city.lat, lon: city.lng });
    if (!nearest || miles < nearest.miles) nearest = { city, miles };
  }
  return nearest?.city.timezone ?? undefined;
}

/** A state that keeps several times is narrowed by the city, else by where most people live. */
async function byState(
  state: string,
  city: string | undefined,
  country: string | undefined,
  home: string | undefined,
): Promise<FoundPlace> {
  const anywhere = (await gazetteer()).byState.get(foldPlace(state)) ?? [];
  const near = anywhere.filter((each) => each.iso2 === (country ?? home));
  const there = near.length > 0 || country !== undefined ? near : anywhere;
  const named = city === undefined ? undefined : there.find((each) => foldPlace(each.city) === foldPlace(city));
  const found = named ?? there[0];
  if (!found) return { state };
  const zone = await zoneOf(found);
  return {
    country: found.iso2,
    state: found.state_ansi || state,
    ...(zone !== undefined && { zone, zoneBy: 'state' }),
  };
}

/** The largest of that name: in the state, in the country, at home, anywhere. */
async function byCity(
  name: string,
  state: string | undefined,
  country: string | undefined,
  home: string | undefined,
): Promise<FoundPlace> {
  const { byName, byState } = await gazetteer();
  const inState = new Set(state === undefined ? [] : byState.get(foldPlace(state)));
  const named = byName.get(foldPlace(name)) ?? [];
  const here = country === undefined ? named : named.filter((city) => city.iso2 === country);
  const found =
    here.find((city) => inState.has(city)) ??
    (country === undefined ? here.find((city) => city.iso2 === home) : undefined) ??
    here[0];
  if (!found) return {};
  const zone = await zoneOf(found);
  const at = { lat: found.lat, lon: found.lng };
  return { country: found.iso2, at, ...(zone !== undefined && { zone, zoneBy: 'city' }) };
}

const EARTH_RADIUS_MILES = 3958.76;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Statute miles along a great circle (haversine). Pure. */
export function milesBetween(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const lat = radians(b.lat - a.lat) / 2;
  const lon = radians(b.lon - a.lon) / 2;
  const h = Math.sin(lat) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(lon) ** 2;
  return 2 * EARTH_RADIUS_MILES * Math.asin(Math.min(1, Math.sqrt(h)));
}
