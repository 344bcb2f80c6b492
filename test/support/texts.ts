import { loadTexts, type Texts } from '../../src/texts.ts';

let loaded: Texts | undefined;

/** What stands in files, read once for all worlds of a worker: they never change while tests run. */
export function texts(): Texts {
  loaded ??= loadTexts();
  return loaded;
}
