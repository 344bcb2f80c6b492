/*
 * Loads every part of a build and whatever CommonJS each has wrapped up: what cannot be found or read would else be seen when
 * it is first used. Prints one line for each that fails. `node load-parts.mjs <folder>`
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2] ?? '';
for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
  try {
    const part = await import(pathToFileURL(path.join(folder, name)).href);
    // the bundler's names for what a library's CommonJS became
    const wrapped = Object.values(part).filter(
      (each) => typeof each === 'function' && each.name.startsWith('require_'),
    );
    for (const load of wrapped) load();
  } catch (error) {
    process.stdout.write(`${name}: ${String(error).split('\n')[0]}\n`);
  }
}
process.exit(0);
