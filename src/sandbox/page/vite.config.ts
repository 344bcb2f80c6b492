/* Builds the page into `dist/page/`: one script, one stylesheet, nothing inline, nothing fetched from elsewhere. */
const folder = (path: string) => new URL(path, import.meta.url).pathname;

export default {
  root: folder('.'),
  base: '/',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: folder('../../../dist/page'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false }, // would be an inline script
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/sandbox': 'http://127.0.0.1:3000' } },
};
