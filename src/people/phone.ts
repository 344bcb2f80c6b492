/**
 * Phone numbers as people type them. The `max` metadata costs no more to load than the small one and knows mobile from
 * fixed lines, which decides whether a text message can arrive at all.
 */
import {
  type CountryCode,
  getCountryCallingCode,
  getExampleNumber,
  isSupportedCountry,
  ParseError,
  type PhoneNumber,
  parsePhoneNumberFromString,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';

/** `unknown` means that the plan does not say: most North American numbers may be mobile or fixed. */
export type PhoneKind = 'mobile' | 'fixed' | 'toll_free' | 'other' | 'unknown';

/** A number understood (`e164`, its ISO2 country) or what to tell the person who typed it. */
export type ParsedPhone = { ok: true; e164: string; country: string; kind: PhoneKind } | { ok: false; message: string };

/**
 * Numbers that are right although no range lists them: North American area codes open several times a year (the shape is
 * the plan's own: area code and exchange start with 2-9, no N11), and people try things out with +1 555 and with Ofcom's
 * drama numbers, which belong to nobody.
 */
const UNLISTED = [/^\+1[2-9](?!11)[0-8]\d[2-9]\d{6}$/, /^\+1555\d{7}$/, /^\+447700900\d{3}$/];

/** Spaces that are not spaces, direction marks pasted from address books, full-width digits. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const regionNames = new Intl.DisplayNames(['en'], { type: 'region' });

/**
 * Reads a number as typed: spaces, dashes, 00 for +, a trunk zero in brackets, the national form of `country` (ISO2).
 * The message on failure is for the person, says what is wrong and how it should look.
 */
export function parsePhone(input: string, country: string): ParsedPhone {
  const text = tidy(input);
  const home = asCountry(country);
  if (!/\p{Nd}/u.test(text)) return { ok: false, message: `Type a phone number, for example ${exampleFor(home)}.` };
  if (/\p{L}/u.test(text)) {
    return { ok: false, message: `A phone number has no letters. It should look like ${exampleFor(home)}.` };
  }
  try {
    const number = parsePhoneNumberWithError(text, { ...(home && { defaultCountry: home }), extract: false });
    if (!isUsable(number)) return { ok: false, message: problemWith(number, home) };
    return { ok: true, e164: number.number, country: countryOf(number, home), kind: kindOf(number) };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, message: unreadable(error.message, home) };
    throw error;
  }
}

/**
 * Finds the first phone number inside free text, e.g. `Anna Karlsson +46 70 123 45 67 BMW X5`. Digits glued to letters
 * (`X5`) and short groups (a model year) are never taken. `before` and `after` are the text around it, trimmed.
 */
export function findPhone(text: string, country: string): { e164: string; before: string; after: string } | undefined {
  const clean = text.normalize('NFKC').replace(INVISIBLE, '');
  const home = asCountry(country);
  // A number with its country code is meant as one; after that mobiles win over whatever else happens to be valid.
  for (const accept of [isInternational, isMobile, isNationalForm]) {
    for (const run of clean.matchAll(/(?<![\p{L}\p{Nd}])[+(]?\d[\d\s()./\-\u2010-\u2015]*/gu)) {
      const found = longestNumber(run[0], home, accept);
      if (!found) continue;
      const start = run.index + found.start;
      const end = run.index + found.end;
      if (/^\p{L}/u.test(clean.slice(end))) continue;
      return { e164: found.e164, before: trimEdge(clean.slice(0, start)), after: trimEdge(clean.slice(end)) };
    }
  }
  return undefined;
}

/** ISO2 countries an E.164 number may belong to, the likeliest first; empty for satellite and other worldwide numbers. */
export function countriesOf(e164: string): string[] {
  const number = parsePhoneNumberFromString(e164);
  if (!number) return [];
  return number.country ? [number.country] : number.getPossibleCountries();
}

function tidy(input: string): string {
  const text = input.normalize('NFKC').replace(INVISIBLE, '').trim();
  const bare = text.replace(/^tel:\s*/i, '').replace(/^\(\s*(?=\+)/, '');
  const international = bare.replace(/^\(?00\)?/, '+');
  // (0) after a country code is a trunk zero and not dialled, except in Italy where it belongs to the number.
  return /^\+\s*39/.test(international) ? international : international.replace(/^(\+[\d\s]+)\(0\)/, '$1');
}

function asCountry(country: string): CountryCode | undefined {
  const code = country.trim().toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}

function isUsable(number: PhoneNumber): boolean {
  return number.isValid() || UNLISTED.some((shape) => shape.test(number.number));
}

function countryOf(number: PhoneNumber, home: CountryCode | undefined): string {
  if (number.country) return number.country;
  if (home && getCountryCallingCode(home) === number.countryCallingCode) return home;
  return number.getPossibleCountries()[0] ?? '001'; // 001 is UN M49 for the world: satellite, universal free-phone
}

function kindOf(number: PhoneNumber): PhoneKind {
  switch (number.getType()) {
    case 'MOBILE':
      return 'mobile';
    case 'FIXED_LINE':
      return 'fixed';
    case 'TOLL_FREE':
      return 'toll_free';
    case 'FIXED_LINE_OR_MOBILE':
    case undefined:
      return 'unknown';
    default:
      return 'other';
  }
}

/** A mobile number of a country (ISO 3166), to show how numbers are written. */
export function exampleNumber(country: string): string {
  const known = asCountry(country);
  return (known && getExampleNumber(known, examples))?.formatInternational() ?? '+46 70 123 45 67';
}

function exampleFor(country: CountryCode | undefined): string {
  const example = country && getExampleNumber(country, examples);
  return example ? `${example.formatInternational()} or ${example.formatNational()}` : '+46 70 123 45 67';
}

function problemWith(number: PhoneNumber, home: CountryCode | undefined): string {
  const country = asCountry(countryOf(number, home));
  const example = country && getExampleNumber(country, examples);
  if (!country || !example) return 'No such number is in use. Check the digits.';
  const place = placeName(country);
  const digits = number.nationalNumber.length;
  const wanted = example.nationalNumber.length;
  return digits === wanted
    ? `No phone number in ${place} starts like that. Check the digits.`
    : `That number has ${digits} ${digits === 1 ? 'digit' : 'digits'} after +${number.countryCallingCode}; mobile numbers in ${place} have ${wanted}.`;
}

/** `Sweden`, but `the United States`. */
function placeName(country: CountryCode): string {
  const name = regionNames.of(country) ?? country;
  return /^(United|Netherlands|Philippines|Bahamas|Maldives|Gambia|Dominican Republic)/.test(name)
    ? `the ${name}`
    : name;
}

function unreadable(reason: string, home: CountryCode | undefined): string {
  if (reason === 'TOO_SHORT') return `That number is too short. It should look like ${exampleFor(home)}.`;
  if (reason === 'TOO_LONG') return `That number is too long. It should look like ${exampleFor(home)}.`;
  if (reason === 'INVALID_COUNTRY') {
    return `Which country is that number in? Write + and the country code first, for example ${exampleFor(home)}.`;
  }
  return `That is not a phone number. It should look like ${exampleFor(home)}.`;
}

type Accept = (number: PhoneNumber, typed: string) => boolean;

const isInternational: Accept = (_number, typed) => typed.startsWith('+') || typed.startsWith('00');
const isMobile: Accept = (number) => ['mobile', 'unknown'].includes(kindOf(number));
const isNationalForm: Accept = (_number, typed) => typed.startsWith('0') || typed.startsWith('(');

/** The longest usable number in a run of digit groups; the earliest group that starts one wins. */
function longestNumber(
  run: string,
  home: CountryCode | undefined,
  accept: Accept,
): { e164: string; start: number; end: number } | undefined {
  const groups = [...run.matchAll(/[+(]*\d+/g)];
  for (const first of groups) {
    for (const last of groups.filter((group) => group.index >= first.index).reverse()) {
      const [start, end] = [first.index, last.index + last[0].length];
      const typed = run.slice(start, end);
      if (typed.replace(/\D/g, '').length < 7) break;
      const number = parsePhoneNumberFromString(tidy(typed), { ...(home && { defaultCountry: home }), extract: false });
      if (number && isUsable(number) && accept(number, typed)) return { e164: number.number, start, end };
    }
  }
  return undefined;
}

function trimEdge(text: string): string {
  return text.replace(/^[\s,;:)–—-]+|[\s,;:(–—-]+$/g, '');
}
