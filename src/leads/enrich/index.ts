import { candidateZones, languageOfCountry, type PersonPlace } from '../../people/index.ts';
import type { Meaning, Playbook } from '../../tenants/index.ts';
import { companyOf } from './company.ts';
import { findPlace, milesBetween, type StatedPlace } from './place.ts';

/** What an enquiry tells that nobody wrote down. Kept with the lead. */
export interface Enriched {
  /** By field: what was found out where the enquiry itself says nothing, such as the company behind an address. */
  found?: Readonly<Record<string, string>>;
  /** Whole miles from the tenant's base. */
  miles?: number;
  /** What told the time zone. */
  zoneBy?: 'postal_code' | 'state' | 'city' | 'country' | 'phone';
}

/** What enriching starts from. `phone` is E.164 with its country, `fields` are the checked ones. */
export interface Known {
  phone?: { e164: string; country: string } | undefined;
  email?: string | undefined;
  fields: Readonly<Record<string, string>>;
}

/** Where the business is: its country (ISO2), and the place distances are measured from, once it is said. */
export interface Home {
  country: string;
  base: StatedPlace | null;
}

export interface Enrichment {
  enriched: Enriched;
  place: PersonPlace;
  /** ISO 639-1, by the country of the number, else of the place; undefined where neither is known. */
  language: string | undefined;
}

/** The lead's field that means this. */
export function meant(
  playbook: Pick<Playbook, 'fields'>,
  fields: Known['fields'],
  meaning: Meaning,
): string | undefined {
  const field = playbook.fields.find((each) => each.means === meaning);
  return field && fields[field.key];
}

/** What is found out about an enquiry by itself. Libraries are loaded only for what was said. */
export async function enrich(playbook: Pick<Playbook, 'fields'>, known: Known, home: Home): Promise<Enrichment> {
  const stated: StatedPlace = {
    postalCode: meant(playbook, known.fields, 'postal_code'),
    city: meant(playbook, known.fields, 'city'),
    state: meant(playbook, known.fields, 'state'),
    country: meant(playbook, known.fields, 'country'),
  };
  const { phone } = known;
  const said = Object.values(stated).some((part) => part !== undefined);
  const found = said ? await findPlace(stated, phone?.country ?? home.country) : {};
  const country = found.country ?? phone?.country;
  const place = candidateZones({
    ...(phone && { phone: phone.e164 }),
    ...(found.zone !== undefined && { zone: found.zone }),
    ...(country !== undefined && { country }),
    ...(found.state !== undefined && { state: found.state }),
  });
  const asked = playbook.fields.find((field) => field.means === 'company');
  const company = asked && known.fields[asked.key] === undefined ? await companyOf(known.email) : undefined;
  const base = found.at && home.base ? (await findPlace(home.base, home.country)).at : undefined;
  const zoneBy = found.zoneBy ?? (found.country !== undefined ? 'country' : phone ? 'phone' : undefined);
  return {
    enriched: {
      ...(asked && company !== undefined && { found: { [asked.key]: company } }),
      ...(found.at && base && { miles: Math.round(milesBetween(found.at, base)) }),
      ...(said && zoneBy !== undefined && { zoneBy }),
    },
    place,
    language: country === undefined ? undefined : languageOfCountry(phone?.country ?? country),
  };
}

export { placeNamed } from './place-named.ts';
export type { StatedPlace };
