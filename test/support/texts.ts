import path from 'node:path';
import { isCurrent } from '../../scripts/sources.ts';
import { loadTexts, type Texts } from '../../src/texts.ts';

const DIST = path.resolve(import.meta.dirname, '../../dist');

let loaded: Texts | undefined;

/** What stands in files, read once for all worlds of a worker: they never change while tests run. A build of today has checked them. */
export function texts(): Texts {
  loaded ??= loadTexts(isCurrent(DIST) ? DIST : undefined);
  return loaded;
}
