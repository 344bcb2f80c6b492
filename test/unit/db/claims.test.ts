import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

const SRC = path.resolve(import.meta.dirname, '../../../src');

/** What stands in the brackets of each `in (select …)` of a source. */
function askedFor(source: string): string[] {
  return [...source.matchAll(/\bin \((?=\s*select\b)/g)].map(({ index, 0: { length } }) => {
    const from = index + length;
    let depth = 1;
    let to = from;
    for (; depth > 0 && to < source.length; to++) depth += { '(': 1, ')': -1 }[source[to] ?? ''] ?? 0;
    return source.slice(from, to - 1);
  });
}

/** It picks so many rows and locks them. */
const takesSome = (part: string) => /\blimit\b[\s\S]*\bfor (no key )?update\b/.test(part);

describe('statements that take so many rows at most', () => {
  test('are found where they are asked for by `in`', () => {
    const some = 'select id from t where a = any(b) order by id limit (5) for update skip locked';
    expect(askedFor(`x in (${some}) and y in (select 1)`).map(takesSome)).toEqual([true, false]);
    expect(askedFor(`x = any(array(${some}))`)).toEqual([]);
  });

  // the planner may put such a part inside a loop, where skipping what is locked finds other rows each time
  test('ask for them once', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const found = files.filter((name) => askedFor(readFileSync(path.join(SRC, name), 'utf8')).some(takesSome));
    expect(found).toEqual([]);
  });
});
