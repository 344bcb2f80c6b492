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

const isHistory = (name: string): boolean => /^[0-9A-F]{8}\.history$/.test(name);

export const historyOf = (timeline: number): string => `${hex(BigInt(timeline))}.history`;

const timelineOf = (name: string): number => Number.parseInt(name.slice(0, 8), 16);

/** The newest timeline that pieces, histories or bases tell of; the first when there are none. */
export const newestOf = (names: readonly string[]): number =>
  Math.max(1, ...names.filter((name) => isSegment(name) || isHistory(name)).map(timelineOf));

/**
 * How the log came to be: each restore begins a new timeline at some place, and what the one before has from there on counts no
 * more. Told by the newest timeline's history; without it only that timeline itself is certain.
 */
export interface Course {
  newest: number;
  /** Earlier timelines, oldest first, each with the place from which it counts no more. */
  earlier: readonly { timeline: number; until: bigint }[];
}

/**
 * Reads a history: lines of a timeline, the place where the next one left it, and why, apart by tabs.
 * https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-TIMELINES
 */
export function courseOf(newest: number, history: string): Course {
  const lines = history.split('\n').flatMap((line) => {
    const [, timeline, lsn] = /^\s*(\d+)\s+([0-9A-F]+\/[0-9A-F]+)/i.exec(line) ?? [];
    return timeline && lsn ? [{ timeline: Number(timeline), lsn }] : [];
  });
  return {
    newest,
    earlier: lines.map(({ timeline, lsn }) => ({ timeline, until: placeOf(segmentOf(timeline, lsn)) })),
  };
}

/** Whether a piece counts. The one in which a timeline was left is taken from the next, which begins with a copy of it. */
export function isOnCourse(segment: string, { newest, earlier }: Course): boolean {
  const place = placeOf(segment);
  return timelineOf(segment) === (earlier.find(({ until }) => place < until)?.timeline ?? newest);
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
