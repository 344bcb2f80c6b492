import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { keepTexts, readKept, readSound } from '../../src/texts.ts';

describe('the texts that a build keeps', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'texts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are those of the files, to the last value', () => {
    const { digest, ...kept } = readKept(keepTexts(folder)) ?? { digest: '' };
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(kept).toStrictEqual({ ...readSound() });
  });

  test('are not there where nothing was built', () => {
    expect(readKept(path.join(folder, 'nowhere.json'))).toBeUndefined();
  });
});
