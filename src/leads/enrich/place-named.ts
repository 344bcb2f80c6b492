import type { Base } from '../../tenants/index.ts';
import { countryCode } from './country.ts';
import { findPlace } from './place.ts';

/** As long as a place's name may be. */
const LONGEST = 80;

/**
 * The place that somebody typed, as `Stockholm` or `94110, US`; `home` (ISO2) is its country where none is said. Undefined
 * for one that the libraries do not know.
 */
export async function placeNamed(text: string, home: string): Promise<Base | undefined> {
  const parts = text.split(',').map((part) => part.trim());
  const country = parts.length > 1 ? countryCode(parts.at(-1)) : undefined;
  const place = (country ? parts.slice(0, -1) : parts).join(', ');
  if (place === '' || place.length > LONGEST) return undefined;
  const stated = /\d/.test(place) ? { postalCode: place } : { city: place };
  const found = await findPlace({ ...stated, country }, home);
  return found.at && { ...stated, country: found.country ?? country ?? home };
}
