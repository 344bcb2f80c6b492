/*
 * Names of pieces of the write-ahead log: 8 hexadecimal digits of the timeline, 8 of the log, 8 of the piece in it. Beside
 * them lie `00000002.history` of a timeline and `….backup` labels.
 */

/** 16 MB, PostgreSQL's default, which the embedded server keeps. */
const SEGMENT_BYTES = 16n * 1024n * 1024n;
const PER_LOG = 0x1_0000_0000n / SEGMENT_BYTES;

export const isSegment = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);

const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');

/** The piece that a place like `0/3000028` lies in. */
export function segmentOf(timeline: number, lsn: string): string {
  const [high = '0', low = '0'] = lsn.split('/');
  return `${hex(BigInt(timeline))}${hex(BigInt(`0x${high}`))}${hex(BigInt(`0x${low}`) / SEGMENT_BYTES)}`;
}

/** Where a piece is in the log, whatever its timeline. */
export function placeOf(segment: string): bigint {
  return BigInt(`0x${segment.slice(8, 16)}`) * PER_LOG + BigInt(`0x${segment.slice(16)}`);
}

/** Places between `first` and the last piece that are not there. Pure. */
export function gaps(first: string, segments: readonly string[]): bigint[] {
  const places = new Set(segments.filter(isSegment).map(placeOf));
  const from = placeOf(first);
  const after = [...places].filter((place) => place >= from);
  const last = after.reduce((most, place) => (place > most ? place : most), from - 1n);
  const missing: bigint[] = [];
  for (let place = from; place <= last; place++) if (!places.has(place)) missing.push(place);
  return missing;
}
