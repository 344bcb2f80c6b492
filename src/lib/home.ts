import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the product, with `conversations/`, `migrations/` and `dist/`; the same seen from sources and from a build. */
export const HOME = above(import.meta.dirname);

/** Whether this is a build, and not the sources run as they are. */
export const BUILT = !import.meta.filename.endsWith('.ts');

function above(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
  return above(parent);
}
