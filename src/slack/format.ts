import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { DateTime, IANAZone } from 'luxon';
import { isZone } from '../lib/zones.ts';

/** Whose clock times are written for: an IANA zone, and the ISO2 country whose habits apply. */
export interface Reader {
  zone: string;
  country: string;
  now: Date;
}

/** Writes instants for one reader. */
export interface Times {
  /** `14:03`, or `2:03 PM` where people write so. */
  clock(at: Date): string;
  /** The same with seconds. */
  exact(at: Date): string;
  /** `Sat 21 Nov`, with the year when it is not this one. */
  day(at: Date): string;
  /** `Sat 21 Nov 10:42`, with the year when it is not this one. Never "today": what is posted stays on the screen. */
  full(at: Date): string;
  /** The time alone when it is the same day as `other`, else with its day. */
  beside(at: Date, other: Date): string;
}

/** Countries that write the month before the day. */
const MONTH_FIRST = new Set(['US', 'CA']);

export function timesFor(reader: Reader): Times {
  const local = (at: Date) => DateTime.fromJSDate(at, { zone: reader.zone }).setLocale('en');
  const today = local(reader.now);
  const twelve = hasTwelveHours(reader.country);
  const clock = (at: Date) => local(at).toFormat(twelve ? 'h:mm a' : 'HH:mm');
  const day = (at: Date) => {
    const year = local(at).year === today.year ? '' : ' yyyy';
    return local(at).toFormat(`${MONTH_FIRST.has(reader.country) ? 'ccc LLL d' : 'ccc d LLL'}${year}`);
  };
  const full = (at: Date) => `${day(at)} ${clock(at)}`;
  return {
    clock,
    day,
    full,
    exact: (at) => local(at).toFormat(twelve ? 'h:mm:ss a' : 'HH:mm:ss'),
    beside: (at, other) => (local(at).hasSame(local(other), 'day') ? clock(at) : full(at)),
  };
}

/** The first zone that exists. */
export function knownZone(...zones: (string | null)[]): string {
  return zones.find((zone) => zone !== null && isZone(zone)) ?? 'UTC';
}

/** How far a clock is from the reader's, in words: `6 h behind`; undefined when both show the same. */
export function clockDifference(zone: string, reader: Reader): string | undefined {
  const at = reader.now.getTime();
  const minutes = IANAZone.create(zone).offset(at) - IANAZone.create(reader.zone).offset(at);
  if (!Number.isFinite(minutes) || minutes === 0) return undefined;
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const words = [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
  return `${words} ${minutes < 0 ? 'behind' : 'ahead'}`;
}

/** A place in a zone's name: `Stockholm`, `New York`. */
export const zoneCity = (zone: string) => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;

/** `+46 70 123 45 67` from E.164. */
export const phoneWords = (e164: string) => parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;

/** `1 message`, `18,402 messages`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `18,402`. */
export const grouped = (count: number) => count.toLocaleString('en-US');

/** What a person is called in a sentence; a number that stands in for a name stays whole. */
export function firstName(name: string): string {
  return name.startsWith('+') ? phoneWords(name) : (name.split(' ')[0] ?? name);
}

/** `Replied` from `replied`. */
export const capital = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);

/** Whether people of a country write 2 PM; known from the country's likeliest language (CLDR). */
function hasTwelveHours(country: string): boolean {
  const { language } = new Intl.Locale(`und-${country}`).maximize();
  return new Intl.DateTimeFormat(`${language}-${country}`, { hour: 'numeric' }).resolvedOptions().hour12 === true;
}
