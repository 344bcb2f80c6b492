import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type Router } from 'express';
import { HOME } from '../lib/home.ts';

/** Where the build puts the page. */
export const PAGE_FOLDER = path.join(HOME, 'dist/page');

const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The built page at `/` with its assets. Where it was not built, its paths are left to others. */
export function pageFiles(folder: string): Router {
  const router = express.Router();
  const index = path.join(folder, 'index.html');
  router.get('/', (_request, response, next) => {
    if (!existsSync(index)) return next();
    response.set({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
    response.sendFile('index.html', { root: folder });
  });
  // names of assets carry a hash of what is in them
  router.use('/assets', express.static(path.join(folder, 'assets'), { index: false, immutable: true, maxAge: '1y' }));
  router.get(/^\/[\w-]+\.(svg|png|ico|webmanifest)$/, express.static(folder, { index: false }));
  return router;
}
