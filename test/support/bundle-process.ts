import { bundle } from '../../scripts/bundle.ts';

/* `bundle-process.ts FOLDER`: builds what tests start as programs; see `build.ts`. */

const [, , outDir] = process.argv;
if (outDir === undefined) throw new Error('where to?');
await bundle({ outDir, sourceMaps: false });
