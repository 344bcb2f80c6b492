import { expect, test } from '@jest/globals';
import { tableOf, testFiles } from '../../support/test-names.ts';

const files = new Map(testFiles().map(({ name, text }) => [name, text.replaceAll("\\'", "'")]));
const rows = tableOf('docs/security.md', 'Asked').map(([asked = '', held = '', proof = '']) => ({
  asked,
  held,
  proof,
}));

/** A file and the tests that are named after it: `` `integration/x/y` “a name”, “another” ``. */
const NAMED = /`([\w./-]+)`((?:,? ?“[^”]+”)+)/g;

test('every test that the page of security names exists', () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const { asked, proof } of rows) {
    const named = [...proof.matchAll(NAMED)].flatMap(([, file = '', names = '']) =>
      [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => ({ file: `test/${file}.test.ts`, name })),
    );
    expect([asked, named.length > 0, (proof.match(/“/g) ?? []).length]).toEqual([asked, true, named.length]);
    for (const { file, name } of named) {
      expect([file, name, files.get(file)?.includes(name) === true]).toEqual([file, name, true]);
    }
  }
});

test('each row says where it is held', () => {
  expect(rows.filter(({ held }) => held.length < 3)).toEqual([]);
});
