import type { Request, RequestHandler } from 'express';
import { isLoopbackName } from './loopback.ts';

/**
 * Lets in only browsers on this machine that mean this page. Another site's page is recognised by its `Origin` (or
 * `Sec-Fetch-Site`), and one that had its own name point to this machine (DNS rebinding) by its `Host`.
 */
export function onlyOurPage(publicUrl: string): RequestHandler {
  const ours = new URL(publicUrl).host;
  return (request, response, next) => {
    if (comesFromHere(request) && isOurHost(request.headers.host, ours) && isOurOrigin(request, ours)) return next();
    response.status(403).json({ error: 'The sandbox only answers its own page on this machine.' });
  };
}

function comesFromHere(request: Request): boolean {
  return isLoopbackName((request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
}

function isOurHost(host: string | undefined, ours: string): boolean {
  if (!host || !URL.canParse(`http://${host}`)) return false;
  return host === ours || isLoopbackName(new URL(`http://${host}`).hostname);
}

/** A navigation or a program sends no `Origin`; a page does where it matters. */
function isOurOrigin(request: Request, ours: string): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const navigates = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigates) return false;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin).host;
  return from === host || from === ours;
}
