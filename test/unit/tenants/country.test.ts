import { expect, test } from '@jest/globals';
import { countryName, countryOf, zoneHelp, zoneOf } from '../../../src/tenants/country.ts';

test.each([
  ['Sweden', 'SE'],
  ['se', 'SE'],
  [' germany ', 'DE'],
  ['Narnia', undefined],
  ['XX', undefined],
])('%j is %s', (words, code) => expect(countryOf(words)).toBe(code));

test.each([
  ['SE', '', 'Europe/Stockholm'],
  ['SE', 'Europe/Stockholm', 'Europe/Stockholm'],
  ['SE', 'stockholm', 'Europe/Stockholm'],
  ['NL', '', 'Europe/Amsterdam'],
  ['DE', '', 'Europe/Berlin'],
  ['IN', '', 'Asia/Kolkata'],
  ['IN', 'Asia/Calcutta', 'Asia/Calcutta'],
  ['US', '', undefined],
  ['US', 'new york', 'America/New_York'],
  ['SE', 'Asia/Tokyo', undefined],
  ['', 'Europe/Berlin', undefined],
])('the zone of %s that is called %j is %s', (country, words, zone) => expect(zoneOf(words, country)).toBe(zone));

test('a country is called by its name, and a few of its zones are offered', () => {
  expect([countryName('SE'), countryName('XX')]).toEqual(['Sweden', 'XX']);
  expect(zoneHelp('US')).toContain('America/Anchorage');
});
