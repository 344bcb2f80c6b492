import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

/*
 * Processes of the version before go on running while a migration is applied: they have to get along with the schema after
 * it. What they cannot get along with is found here, as far as text shows it. A change that takes something away comes in a
 * later release, in a file whose name begins with `after_` behind its number, once nothing reads it any more.
 */

const FOLDER = path.resolve(import.meta.dirname, '../../../migrations');
/** Written before there was anybody to get along with. */
const SINCE = 15;

const RULES: [name: string, pattern: RegExp][] = [
  ['drops a table or a column', /\bdrop\s+(table|column)\b/],
  ['renames something', /\brename\b/],
  ['changes a type', /\balter\s+column\s+\w+\s+(set\s+data\s+)?type\b/],
  ['demands a value of rows that old code writes', /\balter\s+column\s+\w+\s+set\s+not\s+null\b/],
  [
    'adds a column that old code does not fill',
    /\badd\s+column\s+(if\s+not\s+exists\s+)?\w+(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b/,
  ],
  [
    'locks a table against writing while it is rewritten',
    /\badd\s+column[^,;]*\bdefault\s+(clock_timestamp|gen_random_uuid|random)\b/,
  ],
  ['drops what old code may rely on', /\bdrop\s+(function|trigger|policy|view|default)\b/],
  // a new function is everybody's until that is taken back
  ['takes a right away', /\brevoke\b(?! all on function \w+\([^)]*\) from public;)/],
];

/** What a migration does that the version before cannot get along with. Comments do not count. */
function breaks(sql: string): string[] {
  const text = sql.replaceAll(/--.*$/gm, '').toLowerCase();
  return RULES.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
}

describe('a migration leaves the version before running', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.sql') && Number(file.slice(0, 4)) >= SINCE);
  test.each(files)('%s', (file) => {
    if (/^\d{4}_after_/.test(file)) return;
    expect(breaks(readFileSync(path.join(FOLDER, file), 'utf8'))).toEqual([]);
  });

  test('numbers are used once', () => {
    const numbers = readdirSync(FOLDER).map((file) => file.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

test.each([
  ['alter table leads drop column source', 'drops a table or a column'],
  ['drop table feeds', 'drops a table or a column'],
  ['alter table leads rename column a to b', 'renames something'],
  ['alter table leads alter column a type text', 'changes a type'],
  ['alter table leads alter column a set not null', 'demands a value of rows that old code writes'],
  ['alter table leads add column a text not null', 'adds a column that old code does not fill'],
  ['alter table t add column a uuid default gen_random_uuid()', 'locks a table against writing while it is rewritten'],
  ['revoke update on leads from leadrescue_app', 'takes a right away'],
])('%s: %s', (sql, what) => expect(breaks(sql)).toEqual([what]));

test.each([
  "alter table leads add column a text not null default '', add column b integer",
  'create table t (a text not null, b uuid not null references leads)',
  'alter table t add column a text; -- drop column later',
  'create index t_a on t (a)',
])('%s: may run beside the version before', (sql) => expect(breaks(sql)).toEqual([]));
