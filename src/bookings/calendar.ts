import type { Booking } from './types.ts';

/** What a calendar entry says in words; plain text, any of it may hold anything. */
export interface EntryWords {
  summary: string;
  location: string;
  description: string;
  /** The appointment's page. */
  url: string;
}

const CRLF = '\r\n';
/** Octets of a line, its break left out (RFC 5545, 3.1). */
const LINE_OCTETS = 75;

/**
 * An appointment as a calendar file (RFC 5545, published as RFC 5546 3.2.1 says): one event in UTC. The UID stays the
 * same for ever and SEQUENCE grows with each change, so that a calendar replaces what it has. `host` stands in the UID.
 */
export function calendarFile(
  booking: Pick<Booking, 'id' | 'startsAt' | 'endsAt' | 'state' | 'moves'>,
  words: EntryWords,
  at: { now: Date; host: string },
): string {
  const cancelled = booking.state === 'cancelled';
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//LeadRescue//Appointments//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${booking.id}@${at.host}`,
    `DTSTAMP:${utc(at.now)}`,
    `DTSTART:${utc(booking.startsAt)}`,
    `DTEND:${utc(booking.endsAt)}`,
    `SEQUENCE:${booking.moves + (cancelled ? 1 : 0)}`,
    `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `SUMMARY:${text(words.summary)}`,
    ...(words.location ? [`LOCATION:${text(words.location)}`] : []),
    ...(words.description ? [`DESCRIPTION:${text(words.description)}`] : []),
    `URL:${words.url}`,
    `TRANSP:${cancelled ? 'TRANSPARENT' : 'OPAQUE'}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map(folded).join(CRLF) + CRLF;
}

/** `20261128T100000Z`. */
const utc = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, '');

/** A value of type TEXT (RFC 5545, 3.3.11); control characters have no place in one. */
function text(value: string): string {
  return value
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll('\n', '\\n');
}

/** Folds a line after 75 octets, never inside a character. */
function folded(line: string): string {
  const pieces: string[] = [''];
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS) {
      pieces.push('');
      octets = 1; // the space that a continued line begins with
    }
    pieces[pieces.length - 1] += character;
    octets += size;
  }
  return pieces.join(`${CRLF} `);
}
