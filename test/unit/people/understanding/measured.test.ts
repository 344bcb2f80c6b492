import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { understand } from '../../../../src/people/understanding/index.ts';

interface Row {
  readonly id: string;
  readonly lang: string;
  readonly text: string;
  readonly optOut: boolean;
  readonly intent: string;
  readonly ambiguous?: true;
}

function rowsOf(fixture: string): Row[] {
  const file = new URL(`../../../fixtures/${fixture}`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

/** Recall and precision of `opt_out` over the unambiguous rows, with every miss in words. */
function measure(rows: readonly Row[]): { recall: number; precision: number; misses: string[] } {
  const judged = rows.filter((row) => !row.ambiguous).map((row) => ({ row, verdict: understand(row.text) }));
  const found = judged.filter(({ verdict }) => verdict.kind === 'opt_out');
  const hits = found.filter(({ row }) => row.optOut).length;
  const wrong = judged.filter(({ row, verdict }) => row.optOut !== (verdict.kind === 'opt_out'));
  return {
    recall: hits / judged.filter(({ row }) => row.optOut).length,
    precision: hits / found.length,
    misses: wrong.map(
      ({ row, verdict }) =>
        `${row.optOut ? 'missed' : 'false'} ${row.id} ${row.lang} ${JSON.stringify(row.text)} -> ${JSON.stringify(verdict)}`,
    ),
  };
}

describe.each(['messages.jsonl', 'messages-heldout.jsonl'])('opt-outs in %s', (fixture) => {
  const { recall, precision, misses } = measure(rowsOf(fixture));
  process.stdout.write(
    `${fixture}: recall ${recall.toFixed(4)}, precision ${precision.toFixed(4)}\n${misses.map((miss) => `  ${miss}\n`).join('')}`,
  );

  test('are found (COMPLIANCE T2.6: recall)', () => {
    expect(recall).toBeGreaterThanOrEqual(0.98);
  });

  test('are not seen where there are none (COMPLIANCE T2.6: precision)', () => {
    expect(precision).toBeGreaterThanOrEqual(0.97);
  });
});

test('the held-out set is large, in five languages, and full of messages that are no opt-outs', () => {
  const rows = rowsOf('messages-heldout.jsonl');
  expect(rows.length).toBeGreaterThanOrEqual(250);
  expect(rows.filter((row) => !row.optOut).length).toBeGreaterThanOrEqual(120);
  expect(new Set(rows.map((row) => row.lang))).toEqual(new Set(['en', 'sv', 'es', 'de', 'hi']));
  const seen = new Set(rowsOf('messages.jsonl').map((row) => row.text));
  expect(rows.filter((row) => seen.has(row.text))).toEqual([]);
});

test('a message costs far less than a millisecond', () => {
  const texts = [...rowsOf('messages.jsonl'), ...rowsOf('messages-heldout.jsonl')].map((row) => row.text);
  for (const text of texts) understand(text);
  const before = process.cpuUsage();
  for (const text of texts) understand(text);
  const { user } = process.cpuUsage(before);
  expect(user / texts.length).toBeLessThan(500); // microseconds; about 50 on a quiet machine
});
