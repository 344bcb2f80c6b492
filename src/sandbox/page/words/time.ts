/* Instants as people read them, in a zone. Pure. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: knownZone(zone) });
  formats.set(key, known);
  return known;
}

const zones = new Map<string, string>();

/** The zone, or UTC where the browser does not know it. */
export function knownZone(zone: string): string {
  const known = zones.get(zone);
  if (known) return known;
  let usable = 'UTC';
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    usable = zone;
  } catch {
    // an unknown name
  }
  zones.set(zone, usable);
  return usable;
}

/** `10:42` */
export const clockWords = (at: number, zone: string): string =>
  format(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** `10:42:07` */
export const exactWords = (at: number, zone: string): string =>
  format(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);

/** `Sat 21 Nov`, with the year when it is not the year of `now`. */
export function dayWords(at: number, zone: string, now = at): string {
  const year = (time: number) => format(zone, { year: 'numeric' }).format(time);
  const words = format(zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(at).replace(',', '');
  return year(at) === year(now) ? words : `${words} ${year(at)}`;
}

/** `Sat 21 Nov 10:42` */
export const fullWords = (at: number, zone: string, now = at): string =>
  `${dayWords(at, zone, now)} ${clockWords(at, zone)}`;

/** `Today`, `Yesterday`, else the day in full: `Saturday 21 November`. */
export function dayTitle(at: number, zone: string, now: number): string {
  const day = dayKey(at, zone);
  if (day === dayKey(now, zone)) return 'Today';
  if (day === dayKey(now - DAY, zone)) return 'Yesterday';
  return format(zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(at).replace(',', '');
}

/** `2026-11-21`: equal for instants of one local day. */
export function dayKey(at: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: knownZone(zone) }).format(at);
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A span in its two largest units: `1 d 4 h`, `12 min`, `8 s`. */
export function spanWords(ms: number): string {
  const span = Math.abs(ms);
  const units: [number, string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [1000, 's'],
  ];
  const first = units.findIndex(([size]) => span >= size);
  if (first < 0) return '0 s';
  const [size, name] = units[first] ?? [1000, 's'];
  const [below, belowName] = units[first + 1] ?? [0, ''];
  const rest = below > 0 && size >= HOUR ? Math.floor((span % size) / below) : 0;
  return `${Math.floor(span / size)} ${name}${rest > 0 ? ` ${rest} ${belowName}` : ''}`;
}

/** A place in a zone's name: `Stockholm`, `New York`. */
export const zoneCity = (zone: string): string => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;

/** Whether two zones show the same clock at that moment. */
export const sameClock = (one: string, other: string, at: number): boolean =>
  fullWords(at, one) === fullWords(at, other);
