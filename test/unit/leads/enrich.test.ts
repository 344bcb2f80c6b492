import { describe, expect, test } from '@jest/globals';
import { companyOf } from '../../../src/leads/enrich/company.ts';
import { countryCode } from '../../../src/leads/enrich/country.ts';
import { enrich } from '../../../src/leads/enrich/index.ts';
import { findPlace, milesBetween, type StatedPlace } from '../../../src/leads/enrich/place.ts';
import { loadPlaybooks } from '../../../src/tenants/index.ts';
import { CONVERSATIONS } from '../../support/rehearsal.ts';

const corporate = loadPlaybooks(CONVERSATIONS).get('corporate-travel');

describe('where somebody is (E4)', () => {
  test.each<[StatedPlace, string, string | undefined, string | undefined]>([
    [{ postalCode: '94110' }, 'US', 'America/Los_Angeles', 'postal_code'],
    [{ postalCode: '94110-1234', country: 'United States' }, 'SE', 'America/Los_Angeles', 'postal_code'],
    [{ postalCode: '94110' }, 'SE', undefined, undefined],
    [{ postalCode: 'M5V 2T6' }, 'SE', 'America/Toronto', 'postal_code'],
    [{ postalCode: 'V6B', country: 'Canada' }, 'SE', 'America/Vancouver', 'postal_code'],
    [{ postalCode: 'E1W 3SS', country: 'UK' }, 'US', undefined, undefined],
    [{ postalCode: '35001', country: 'Spain' }, 'SE', 'Atlantic/Canary', 'postal_code'],
    [{ postalCode: '38 001' }, 'ES', 'Atlantic/Canary', 'postal_code'],
    [{ postalCode: '28013', city: 'Las Palmas', country: 'ES' }, 'SE', 'Europe/Madrid', 'postal_code'],
    [{ postalCode: '35001' }, 'SE', undefined, undefined],
    [{ postalCode: '3500', country: 'ES' }, 'SE', undefined, undefined],
    [{ postalCode: '9000-017', country: 'Portugal' }, 'SE', 'Atlantic/Madeira', 'postal_code'],
    [{ postalCode: '9500-321', country: 'Portugal' }, 'SE', 'Atlantic/Azores', 'postal_code'],
    [{ postalCode: '1100-148', country: 'Portugal' }, 'SE', 'Europe/Lisbon', 'postal_code'],
    [{ state: 'FL' }, 'US', 'America/New_York', 'state'],
    [{ state: 'Florida', city: 'Pensacola' }, 'US', 'America/Chicago', 'state'],
    [{ state: 'CA' }, 'SE', 'America/Los_Angeles', 'state'],
    [{ state: 'Bayern', country: 'Germany' }, 'US', 'Europe/Berlin', 'state'],
    [{ city: 'Malmo' }, 'SE', 'Europe/Stockholm', 'city'],
    [{ city: 'MALMÖ', country: 'Sverige' }, 'US', 'Europe/Stockholm', 'city'],
    [{ city: 'Łódź' }, 'SE', 'Europe/Warsaw', 'city'],
    [{ city: 'lodz' }, 'SE', 'Europe/Warsaw', 'city'],
    [{ city: 'Sao Paulo' }, 'US', 'America/Sao_Paulo', 'city'],
    [{ city: 'Birmingham' }, 'US', 'America/Chicago', 'city'],
    [{ city: 'Birmingham' }, 'GB', 'Europe/London', 'city'],
    [{ city: 'Nowhere at all' }, 'US', undefined, undefined],
  ])('%j seen from %s is %s', async (stated, home, zone, by) => {
    const found = await findPlace(stated, home);
    expect(found.zone).toBe(zone);
    expect(found.zoneBy).toBe(by);
  });

  test.each([
    ['AU', 'Perth', 'Western Australia', 'Australia/Perth'],
    ['AU', 'Broken Hill', 'New South Wales', 'Australia/Broken_Hill'],
    ['AU', 'Darwin', undefined, 'Australia/Darwin'],
    ['BR', 'Manaus', 'Amazonas', 'America/Manaus'],
    ['BR', 'Rio Branco', 'Acre', 'America/Rio_Branco'],
    ['BR', undefined, 'Mato Grosso', 'America/Cuiaba'],
    ['CA', 'Fort St. John', 'British Columbia', 'America/Dawson_Creek'],
    ['CD', 'Lubumbashi', undefined, 'Africa/Lubumbashi'],
    ['CD', 'Kinshasa', undefined, 'Africa/Kinshasa'],
    ['CL', 'Valparaíso', undefined, 'America/Santiago'],
    ['CN', 'Urumqi', 'Xinjiang', 'Asia/Urumqi'],
    ['EC', 'Guayaquil', undefined, 'America/Guayaquil'],
    ['ES', 'Las Palmas', undefined, 'Atlantic/Canary'],
    ['ID', 'Medan', undefined, 'Asia/Jakarta'],
    ['ID', 'Denpasar', 'Bali', 'Asia/Makassar'],
    ['ID', 'Jayapura', 'Papua', 'Asia/Jayapura'],
    ['MX', 'Tijuana', 'Baja California', 'America/Tijuana'],
    ['MX', 'Cancún', 'Quintana Roo', 'America/Cancun'],
    ['MX', undefined, 'Sonora', 'America/Hermosillo'],
    ['NZ', 'Auckland', undefined, 'Pacific/Auckland'],
    ['PG', 'Arawa', undefined, 'Pacific/Bougainville'],
    ['PT', 'Ponta Delgada', undefined, 'Atlantic/Azores'],
    ['RU', 'Kaliningrad', undefined, 'Europe/Kaliningrad'],
    ['RU', 'Vladivostok', undefined, 'Asia/Vladivostok'],
    ['RU', 'Perm', undefined, 'Asia/Yekaterinburg'],
    ['RU', 'Penza', undefined, 'Europe/Moscow'],
    ['US', 'Honolulu', 'HI', 'Pacific/Honolulu'],
  ])('in %s, which keeps several times, %s (%s) is in %s', async (country, city, state, zone) => {
    expect((await findPlace({ city, state, country }, 'SE')).zone).toBe(zone);
  });

  test('a postal code tells nothing in most countries that keep several times: all of them count', async () => {
    const fields = { postal_code: '6000', country: 'Australia' };
    const found = await enrich(corporate, { fields }, { country: 'SE', base: null });
    expect(found.enriched.zoneBy).toBe('country');
    expect(found.place.zones).toEqual(expect.arrayContaining(['Australia/Sydney', 'Australia/Perth']));
    const inPerth = await enrich(corporate, { fields: { ...fields, city: 'Perth' } }, { country: 'SE', base: null });
    expect(inPerth.place.zones).toEqual(['Australia/Perth']);
  });

  test.each([
    ['se', 'SE'],
    ['Schweden', 'SE'],
    ['U.S.A.', 'US'],
    ['United States of America', 'US'],
    ['भारत', 'IN'],
    ['España', 'ES'],
    ['zz', undefined],
    ['', undefined],
  ])('the country %j is %s', (text, code) => expect(countryCode(text)).toBe(code));

  test('the distance from Malmö to Stockholm is the one on the map', () => {
    const miles = milesBetween({ lat: 55.605, lon: 13.0038 }, { lat: 59.3293, lon: 18.0686 });
    expect(Math.round(miles)).toBeGreaterThan(315);
    expect(Math.round(miles)).toBeLessThan(325);
    expect(milesBetween({ lat: 10, lon: 179.9 }, { lat: 10, lon: -179.9 })).toBeLessThan(20);
  });
});

describe('the company behind an address', () => {
  test.each([
    ['anna@nordic-motors.se', 'Nordic Motors'],
    ['anna@mail.acme.co.uk', 'Acme'],
    ['anna@gmail.com', undefined],
    ['anna@web.de', undefined],
    ['anna@mailinator.com', undefined],
    ['anna@example.com', undefined],
    ['anna@acme.example', undefined],
    [undefined, undefined],
  ])('%s is %s', async (email, company) => expect(await companyOf(email)).toBe(company));
});

describe('what an enquiry tells', () => {
  const home = { country: 'US', base: { country: 'US', postalCode: '94110' } };

  test('zone, state, miles from the base, company', async () => {
    const known = { email: 'jo@acme.io', fields: { postal_code: '94607' } };
    const found = await enrich(corporate, known, home);
    expect(found.enriched).toEqual({ found: { company: 'Acme' }, miles: 8, zoneBy: 'postal_code' });
    expect(found.place).toMatchObject({ zones: ['America/Los_Angeles'], country: 'US', states: ['CA'], sure: true });
  });

  test('a company that was written is not made up, and nothing else without a place', async () => {
    const known = {
      email: 'jo@acme.io',
      phone: { e164: '+46701234567', country: 'SE' },
      fields: { company: 'Umbrella' },
    };
    const found = await enrich(corporate, known, home);
    expect(found).toMatchObject({ enriched: {}, language: 'sv' });
    expect(found.place.zones).toEqual(['Europe/Stockholm']);
  });

  test('the country alone is enough for a zone', async () => {
    const found = await enrich(corporate, { fields: { country: 'Indien' } }, home);
    expect(found.enriched).toEqual({ zoneBy: 'country' });
    expect(found.place.zones[0]).toBe('Asia/Kolkata');
  });
});
