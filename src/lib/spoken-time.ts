/*
 * Days and times of day as customers read them, in their language and by the habits of a country.
 */

/** Languages that are written in other letters here than CLDR takes for granted. */
const SCRIPTS: Record<string, string> = { hi: 'hi-Latn' };

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${Object.keys(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formats.set(key, made);
  return made;
}

/** How one language writes in one country. `script: 'native'` is for pages, where Hindi stands in Devanagari. */
export interface Speech {
  language: string;
  /** ISO2. */
  country?: string;
  script?: 'native';
}

function localeOf({ language, country, script }: Speech): string {
  const base = script === 'native' ? language : (SCRIPTS[language] ?? language);
  return country && /^[A-Z]{2}$/.test(country) ? `${base}-${country}` : base;
}

const spaced = (words: string) => words.replace(/\s+/g, ' ');

/** `Saturday 28 November`, without the year. */
export function spokenDay(at: Date, zone: string, speech: Speech): string {
  return spaced(format(localeOf(speech), zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(at));
}

/** `11:00`, or `11:00 am` where people write so. */
export function spokenTime(at: Date, zone: string, speech: Speech): string {
  return spaced(format(localeOf(speech), zone, { hour: 'numeric', minute: '2-digit' }).format(at));
}
