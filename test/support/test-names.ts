import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const HERE = path.join(import.meta.dirname, '..');

/** A file of tests, from the root of the project, and its text. */
interface TestFile {
  name: string;
  text: string;
}

/** All files of tests. */
export function testFiles(): TestFile[] {
  return readdirSync(HERE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => ({ name: `test/${name}`, text: readFileSync(path.join(HERE, name), 'utf8') }));
}

/** The rows of the first table of a page that has this first column, cell by cell. */
export function tableOf(page: string, heading: string): string[][] {
  const lines = readFileSync(path.join(HERE, '..', page), 'utf8').split('\n');
  const rows = lines
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
  const top = rows.findIndex(([first]) => first === heading);
  return rows.slice(top + 2);
}
