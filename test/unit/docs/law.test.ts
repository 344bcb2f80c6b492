import { describe, expect, test } from '@jest/globals';
import { tableOf, testFiles } from '../../support/test-names.ts';

const rules = tableOf('docs/law.md', 'Rule').map(([id = '', what = '', how = '']) => ({ id, what, how }));
/** `COMPLIANCE T2.5, T4.3` names both. */
const NAMED = /COMPLIANCE (T\d{1,2}\.\d{1,2}(?:, T\d{1,2}\.\d{1,2})*)/g;
const named = new Map<string, string[]>();
for (const { name, text } of testFiles()) {
  if (name === 'test/unit/docs/law.test.ts') continue;
  for (const [, ids = ''] of text.matchAll(NAMED)) {
    for (const id of ids.split(', ')) named.set(id, [...(named.get(id) ?? []), name]);
  }
}

describe('the page of the law', () => {
  test('numbers every rule once, without a gap', () => {
    const ids = rules.map(({ id }) => id);
    const chapters = new Map<number, number[]>();
    for (const id of ids) {
      const [chapter = 0, rule = 0] = id.slice(1).split('.').map(Number);
      chapters.set(chapter, [...(chapters.get(chapter) ?? []), rule]);
    }
    expect([...chapters.keys()]).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
    for (const each of chapters.values()) expect(each).toEqual(each.map((_, index) => index + 1));
    expect(rules.filter(({ what }) => what === '')).toEqual([]);
  });

  test('a rule has a test, or a reason why there is none', () => {
    for (const { id, how } of rules) {
      const expected = named.has(id) ? /^test$/ : /^(open|not here): .{20,}/;
      expect([id, how]).toEqual([id, expect.stringMatching(expected)]);
    }
  });

  test('a test names no rule that is not on it', () => {
    const known = new Set(rules.map(({ id }) => id));
    expect([...named.keys()].filter((id) => !known.has(id))).toEqual([]);
    const bare = testFiles().filter(({ text }) =>
      /(?<!COMPLIANCE )(?<!, )\bT\d{1,2}\.\d\b/.test(text.replaceAll(/\d{4}-\d\d-\d\dT/g, '')),
    );
    expect(bare.map(({ name }) => name).filter((name) => name !== 'test/unit/docs/law.test.ts')).toEqual([]);
  });
});
