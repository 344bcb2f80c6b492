import { KnownError } from '../../lib/errors.ts';
import { isId } from '../../lib/ids.ts';

/** Where a list goes on, as callers carry it: opaque to them. */
export const writeCursor = (place: readonly string[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** The places in a cursor, so many, the last one an id. Throws a validation error for anything that we did not write. */
export function readCursor(cursor: string, ...places: number[]): string[] {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    read = undefined;
  }
  if (Array.isArray(read) && places.includes(read.length) && read.every((each) => typeof each === 'string')) {
    if (isId(read.at(-1))) return read as string[];
  }
  throw badCursor();
}

/** A time in a cursor; throws as well. */
export function timeIn(place: string): Date {
  const at = new Date(place);
  if (Number.isNaN(at.getTime())) throw badCursor();
  return at;
}

function badCursor(): KnownError {
  const message = 'This cursor is none of ours: use `next` of a page.';
  return new KnownError('validation_error', 'bad cursor', message, { problems: [{ field: '?cursor', message }] });
}

/** A page out of one entry more than it holds. */
export function cut<T, U>(
  rows: readonly T[],
  limit: number,
  place: (row: T) => readonly string[],
  show: (row: T) => U,
): { data: U[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(show), next: rows.length > limit && last ? writeCursor(place(last)) : null };
}
