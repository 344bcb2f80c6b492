import { CsvError, parse } from 'csv-parse/sync';
import { validationError } from '../../lib/errors.ts';
import type { Sheet } from './types.ts';

/** Rows of one file; told before it is chosen. */
export const MAX_ROWS = 10_000;
export const MAX_BYTES = 5_000_000;
/** Lines of one file, empty ones included. */
const MAX_LINES = MAX_ROWS * 2;
const MAX_COLUMNS = 60;
/** A longer cell could not be right in any field. */
const MAX_CELL = 10_000;

const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Rows that a separator is judged by. */
const LOOKED_AT = 20;

const wrong = (message: string) => validationError([{ field: 'file', message }]);

/**
 * Reads a file of values parted by commas, semicolons, tabs or bars, in UTF-8, UTF-16 with its mark, or Windows-1252, as
 * spreadsheets write them. Throws a validation error at `file`. Pure.
 */
export function readSheet(bytes: Buffer): Sheet {
  const text = decode(bytes);
  const [, told, rest] = /^sep=([^\r\n])\r?\n([\s\S]*)$/i.exec(text) ?? [];
  const body = rest ?? text;
  const separator = told ?? separatorOf(body);
  const [first, ...others] = recordsOf(body, separator);
  const headings = (first ?? []).map((cell) => tidy(cell));
  if (headings.every((heading) => heading === '')) {
    throw wrong('The first row of the file must hold the headings, such as Name, Mobile, E-mail.');
  }
  if (headings.length > MAX_COLUMNS) {
    throw wrong(`The file has ${headings.length} columns; at most ${MAX_COLUMNS} are read. Leave some out.`);
  }
  const rows = others
    .map((cells, index) => ({ place: index + 2, cells: cells.map(tidy) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (rows.length === 0) throw wrong('The file has headings and no rows below them.');
  if (rows.length > MAX_ROWS) {
    throw wrong(`The file has ${rows.length} rows; at most ${MAX_ROWS} come in at once. Part it in several files.`);
  }
  return unfolded({ headings, rows });
}

/** How our own export of leads calls the column that holds all that a lead says, as JSON. */
const FOLDED = 'fields';

/** What we gave out is read back in whole: each of those facts gets a column of its own. Anything else stays as it is. */
function unfolded({ headings, rows }: Sheet): Sheet {
  const column = headings.indexOf(FOLDED);
  const said = rows.map(({ cells }) => factsIn(cells[column] ?? ''));
  if (column < 0 || said.includes(undefined)) return { headings, rows };
  const names = [...new Set(said.flatMap((facts) => Object.keys(facts ?? {})))];
  const added = names.filter((name) => !headings.includes(name)).slice(0, MAX_COLUMNS - headings.length);
  return {
    headings: [...headings, ...added],
    rows: rows.map(({ place, cells }, index) => ({
      place,
      cells: [...headings.map((_, at) => cells[at] ?? ''), ...added.map((name) => tidy(said[index]?.[name] ?? ''))],
    })),
  };
}

/** The facts of a cell; none for an empty one, undefined when it holds something else. */
function factsIn(cell: string): Record<string, string> | undefined {
  if (cell === '') return {};
  try {
    const read: unknown = JSON.parse(cell);
    const isObject = typeof read === 'object' && read !== null && !Array.isArray(read);
    const entries = isObject ? Object.entries(read) : [['', 0] as const];
    return entries.every(([, value]) => typeof value === 'string')
      ? Object.fromEntries(entries as [string, string][])
      : undefined;
  } catch {
    return undefined;
  }
}

function decode(bytes: Buffer): string {
  if (bytes.length > MAX_BYTES) throw wrong(`The file is larger than ${MAX_BYTES / 1_000_000} MB.`);
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') {
    throw wrong('That is a workbook. Save it as CSV (in Excel: Save as, CSV UTF-8), then add that file.');
  }
  const mark = bytes.subarray(0, 2).toString('hex');
  const text =
    mark === 'fffe' || mark === 'feff'
      ? new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be').decode(bytes)
      : eightBit(bytes);
  if (text.includes('\0')) throw wrong('That is not a text file. Save the list as CSV, then add that file.');
  return text.replace(/^\ufeff/, '');
}

function eightBit(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The separator by which the first rows fall into the same number of columns, and most of them. */
function separatorOf(text: string): string {
  const judged = SEPARATORS.map((separator) => {
    const columns = attempt(text, separator).map((cells) => cells.length);
    const [wanted = 1] = columns;
    const same = columns.filter((count) => count === wanted).length;
    return { separator, score: wanted < 2 ? 0 : same * wanted };
  });
  return judged.reduce((best, each) => (each.score > best.score ? each : best)).separator;
}

function attempt(text: string, separator: string): string[][] {
  try {
    return records(text, separator, LOOKED_AT);
  } catch {
    return [];
  }
}

function recordsOf(text: string, separator: string): string[][] {
  try {
    const found = records(text, separator, MAX_LINES + 1);
    if (found.length <= MAX_LINES) return found;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
      throw wrong(`A quotation mark is opened after row ${Number(error.records ?? 0)} and never closed.`);
    }
    throw wrong('The file cannot be read as CSV. Save it once more as CSV (UTF-8), then add it again.');
  }
  throw wrong(`The file has more than ${MAX_LINES} lines, empty ones included. Part it in several files.`);
}

/** Lines with nothing on them count, so that rows keep the numbers that a spreadsheet shows. */
const records = (text: string, separator: string, most: number): string[][] =>
  parse(text, {
    delimiter: separator,
    to: most,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: false,
  });

/**
 * One cell: without control characters, and without the mark that says "this is text, no formula", which spreadsheets (and
 * we) write before what they would else calculate. A formula is what it says, a text.
 */
function tidy(cell: string): string {
  const seen = cell
    .replaceAll('\u00a0', ' ')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .trim();
  return (/^'[\p{Z}\p{Cf}]*[=+@＝＋＠－\t-]/u.test(seen) ? seen.slice(1) : seen).slice(0, MAX_CELL);
}
