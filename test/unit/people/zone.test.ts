import { describe, expect, test } from '@jest/globals';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { IANAZone } from 'luxon';
import { REGIONS, regionsOfAreaCode } from '../../../src/people/area-codes.ts';
import { candidateZones, primaryZone } from '../../../src/people/zone.ts';

const areaCodes = Array.from({ length: 800 }, (_, i) => String(200 + i));
const territories = ['PR', 'VI', 'GU', 'MP', 'AS'];

describe('where a number places a person', () => {
  test.each([
    ['+46701234567', 'SE', ['Europe/Stockholm']],
    ['+447400123456', 'GB', ['Europe/London']],
    ['+919876543210', 'IN', ['Asia/Kolkata']],
    ['+4915112345678', 'DE', ['Europe/Berlin', 'Europe/Busingen']],
    ['+34612345678', 'ES', ['Europe/Madrid', 'Africa/Ceuta', 'Atlantic/Canary']],
    ['+18765550123', 'JM', ['America/Jamaica']],
    ['+38344123456', 'XK', ['Europe/Belgrade']],
  ])('%s: %s, %j', (phone, country, zones) => {
    expect(candidateZones({ phone })).toEqual({ zones, country, sure: true });
  });

  test.each([
    ['+13055550123', 'US', ['FL'], ['America/New_York']],
    ['+18505550123', 'US', ['FL'], ['America/Chicago', 'America/New_York']],
    ['+12125550123', 'US', ['NY'], ['America/New_York']],
    ['+19155550123', 'US', ['TX'], ['America/Denver']],
    ['+16025550123', 'US', ['AZ'], ['America/Phoenix']],
    ['+19075550123', 'US', ['AK'], ['America/Anchorage', 'America/Adak']],
    ['+12085550123', 'US', ['ID'], ['America/Boise', 'America/Los_Angeles']],
    ['+17875550123', 'US', ['PR'], ['America/Puerto_Rico']],
    ['+14162345678', 'CA', ['ON'], ['America/Toronto']],
    ['+19025550123', 'CA', ['NS', 'PE'], ['America/Halifax']],
  ])('%s: %s %j, %j', (phone, country, states, zones) => {
    expect(candidateZones({ phone })).toEqual({ zones, country, states, sure: true });
  });

  test.each(['AU', 'BR', 'MX', 'RU', 'ID', 'KZ'])(
    'a mobile of a country with many zones (%s) may be in any',
    (country) => {
      const { zones, sure } = candidateZones({ country });
      expect(zones.length).toBeGreaterThan(3);
      expect(new Set(zones).size).toBe(zones.length);
      expect(sure).toBe(true);
    },
  );

  test.each(['+18005551234', '+15551234567', '+15005550006', '+870773111632', undefined])(
    '%s tells no place',
    (phone) => {
      const place = candidateZones({ ...(phone && { phone }) });
      expect(place).toMatchObject({ zones: ['America/New_York'], sure: false });
    },
  );
});

describe('what is stated beside the number', () => {
  test('a stated zone narrows the country of the number', () => {
    expect(candidateZones({ phone: '+61412345678', zone: 'Australia/Perth' }).zones).toEqual(['Australia/Perth']);
    expect(candidateZones({ phone: '+18505550123', zone: 'US/Central' })).toEqual({
      zones: ['US/Central'],
      country: 'US',
      states: ['FL'],
      sure: true,
    });
  });

  test('a stated state is added to the state of the area code', () => {
    const place = candidateZones({ phone: '+13055550123', state: 'California', country: 'US' });
    expect(place).toEqual({
      zones: ['America/Los_Angeles', 'America/New_York'],
      country: 'US',
      states: ['CA', 'FL'],
      sure: true,
    });
    expect(candidateZones({ phone: '+18005551234', state: 'US-tx' })).toMatchObject({ states: ['TX'], sure: true });
  });

  test('a zone of the US without a state means every state that keeps it', () => {
    const { states } = candidateZones({ zone: 'America/Los_Angeles' });
    expect(states).toEqual(['CA', 'ID', 'NV', 'OR', 'WA']);
  });

  test('a country other than that of the number is one more candidate', () => {
    expect(candidateZones({ phone: '+46701234567', country: 'de' })).toMatchObject({
      country: 'SE',
      otherCountries: ['DE'],
      zones: ['Europe/Stockholm', 'Europe/Berlin', 'Europe/Busingen'],
      sure: true,
    });
  });

  test('the United States without a state is no known place, even beside a known one', () => {
    expect(candidateZones({ country: 'US' }).sure).toBe(false);
    expect(candidateZones({ phone: '+46701234567', country: 'US' })).toMatchObject({
      otherCountries: ['US'],
      sure: false,
    });
    expect(candidateZones({ phone: '+13055550123', country: 'US' }).sure).toBe(true);
  });

  test('words that name no place are passed over', () => {
    expect(candidateZones({ phone: '+46701234567', zone: 'Mars/Base', state: 'Nowhere', country: 'Sverige' })).toEqual(
      candidateZones({ phone: '+46701234567' }),
    );
  });
});

describe('the zone to show', () => {
  test('is the likeliest candidate, or the preferred one where it may be right', () => {
    const australia = candidateZones({ phone: '+61412345678' });
    expect(primaryZone(australia)).toBe('Australia/Sydney');
    expect(primaryZone(australia, 'Australia/Perth')).toBe('Australia/Perth');
    expect(primaryZone(australia, 'Europe/Stockholm')).toBe('Australia/Sydney');
    expect(primaryZone(candidateZones({ phone: '+18005551234' }), 'America/Chicago')).toBe('America/Chicago');
  });
});

describe('the area codes', () => {
  test('every geographic code that the numbering plan lists for the US and Canada is placed in its own country', () => {
    const listed = areaCodes.flatMap((areaCode) => {
      const number = parsePhoneNumberFromString(`+1${areaCode}2345678`);
      if (number?.getType() !== 'FIXED_LINE_OR_MOBILE' || !number.country) return [];
      const country = territories.includes(number.country) ? 'US' : number.country;
      return ['US', 'CA'].includes(country) ? [{ areaCode, country }] : [];
    });
    expect(listed.length).toBeGreaterThan(390);
    const placed = listed.map(({ areaCode }) => ({ areaCode, country: regionsOfAreaCode(areaCode)[0]?.country }));
    expect(placed).toEqual(listed);
  });

  test('toll-free, premium and personal codes are placed nowhere', () => {
    const codes = ['500', '533', '600', '800', '833', '844', '855', '866', '877', '888', '900', '911', '555'];
    expect(codes.filter((code) => regionsOfAreaCode(code).length > 0)).toEqual([]);
  });

  test('only three codes serve more than one region', () => {
    expect(areaCodes.filter((code) => regionsOfAreaCode(code).length > 1)).toEqual(['782', '867', '902']);
  });

  test('every zone exists, and a code lies in zones of its region', () => {
    expect(REGIONS.flatMap(({ zones }) => zones).filter((zone) => !IANAZone.isValidZone(zone))).toEqual([]);
    for (const region of areaCodes.flatMap(regionsOfAreaCode)) {
      const whole = REGIONS.find(({ code, country }) => code === region.code && country === region.country);
      expect(whole?.zones).toEqual(expect.arrayContaining([...region.zones]));
    }
  });

  test('the fifty states, the capital, five territories and thirteen provinces are there', () => {
    expect(REGIONS.filter(({ country }) => country === 'US')).toHaveLength(56);
    expect(REGIONS.filter(({ country }) => country === 'CA')).toHaveLength(13);
  });
});
