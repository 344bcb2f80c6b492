import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { builtProduct } from '../support/build.ts';

const LOAD_PARTS = path.resolve(import.meta.dirname, '../support/load-parts.mjs');

test('every part of the build finds what it needs', async () => {
  const folder = await builtProduct();
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD_PARTS, path.join(folder, 'dist/parts')]);
  expect(stdout).toBe('');
}, 90_000);
