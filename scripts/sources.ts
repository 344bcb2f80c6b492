import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '../src/texts.ts';

/* A build says what it was made of, so that whoever wants to start it can tell whether it is of today. */

const ROOT = path.resolve(import.meta.dirname, '..');
const fileIn = (outDir: string) => path.join(outDir, 'sources.sha256');

/** Of sources, texts, libraries and the way they are built. */
export function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const folder of ['src', 'conversations']) hash.update(digestOf(path.join(ROOT, folder)));
  for (const file of ['scripts/bundle.ts', 'package-lock.json']) hash.update(readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

/** Writes the digest that the sources had when the build in `outDir` began. */
export function keepDigest(outDir: string, digest: string): void {
  writeFileSync(fileIn(outDir), digest);
}

/** Whether the build in `outDir` was made of what is there now. */
export function isCurrent(outDir: string): boolean {
  const file = fileIn(outDir);
  return existsSync(file) && readFileSync(file, 'utf8') === digestOfSources();
}
