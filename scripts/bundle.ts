import path from 'node:path';
import { build, type Plugin } from 'vite';
import { keepTexts } from '../src/texts.ts';
import { digestOfSources, keepDigest } from './sources.ts';

/*
 * Bundles the programs into `dist/`: a start reads a few dozen files instead of some three thousand. Vite does it because it
 * builds the sandbox's page already, and because it keeps apart what is imported on demand, so that a vendor's library
 * is read when that vendor is used. Types are checked elsewhere.
 */

const ROOT = path.resolve(import.meta.dirname, '..');

/** The programs by the place where they lie in `dist/`; the same as in `src/`. */
const PROGRAMS = [
  'main',
  'audit',
  'backup',
  'rehearse',
  'manifest-command',
  'reports-command',
  'sandbox/tour',
  'reports/pictures/child',
];

/** What the fault tests make processes of their own of (`test/support/process-entry.js`). */
const ROOMS = ['app', 'lib/clock', 'lib/logger'];

/** Read from `node_modules/` when used: native code, a browser's driver, what may be left out, what reads files of its own. */
const LEFT_OUTSIDE = ['@resvg/resvg-js', 'whatsapp-web.js', 'unzipper', '@agendajs/mongo-backend', 'email-providers'];
/** What libraries ask for in case it is there: other databases, and a faster client of ours. */
const NOT_INSTALLED = ['pg-native', 'pg-hstore', 'sqlite3', 'mysql2', 'tedious'];

export interface BundleOptions {
  /** Where the programs go; emptied first. */
  outDir: string;
  /** Without them errors name lines of the bundle. */
  sourceMaps?: boolean;
}

/** Builds the programs. Throws with the bundler's own words when something cannot be found. */
export async function bundle({ outDir, sourceMaps = true }: BundleOptions): Promise<void> {
  const digest = digestOfSources();
  const input = Object.fromEntries([...PROGRAMS, ...ROOMS].map((name) => [name, path.join(ROOT, `src/${name}.ts`)]));
  await build({
    plugins: [ownMapsOnly],
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'warn',
    // `main` as Node itself chooses: what a library that is CommonJS requires is CommonJS, too
    ssr: { noExternal: true, external: LEFT_OUTSIDE, resolve: { mainFields: ['main'] } },
    build: {
      ssr: true,
      target: 'node20.19',
      outDir,
      emptyOutDir: true,
      sourcemap: sourceMaps,
      minify: false,
      rolldownOptions: {
        input,
        external: NOT_INSTALLED,
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'parts/[name]-[hash].js',
          comments: false,
          minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
          sourcemapExcludeSources: true,
          codeSplitting: { groups: [{ name: libraryOf, debugName: 'libraries' }] },
        },
      },
    },
  });
  keepTexts(outDir);
  keepDigest(outDir, digest);
}

/** Node reads the map of whatever it loads, at once and whole; nobody looks for lines inside a library. */
const ownMapsOnly: Plugin = {
  name: 'own-maps-only',
  generateBundle(_options, files) {
    for (const [name, file] of Object.entries(files)) {
      if (file.type !== 'chunk' || !file.moduleIds.every((id) => id.includes('/node_modules/'))) continue;
      file.code = file.code.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n');
      delete files[`${name}.map`];
    }
  },
};

/** The library that a module belongs to: each is a part of its own, so that none is read with another one. */
function libraryOf(id: string): string | null {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1]?.replace('/', '-') ?? null;
}

if (import.meta.filename === process.argv[1]) await bundle({ outDir: path.join(ROOT, 'dist') });
