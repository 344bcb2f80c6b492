import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { KnownError } from '../../lib/errors.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
/** Where browsers are that are on nobody's PATH. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The Chromium that WhatsApp Web runs in: the configured one, else one of this machine.
 * @throws KnownError `misconfigured` with what to install or set
 */
export function findChromium(configured: string | undefined, searchPath: string): string {
  if (configured !== undefined) {
    if (isExecutable(configured)) return configured;
    const words = `CHROMIUM_PATH names ${configured}, where there is no program that can be run.`;
    throw new KnownError('misconfigured', 'CHROMIUM_PATH is wrong', words);
  }
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...PLACES].find(
    isExecutable,
  );
  if (found !== undefined) return found;
  const words =
    'Linking a phone needs Chromium or Chrome where the worker runs, and there is none. Install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.';
  throw new KnownError('misconfigured', 'no Chromium', words);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
