import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser for tests: `CHROMIUM_PATH`, else the first of the usual places; undefined when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROMIUM_PATH) return existsSync(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  return PLACES.find((place) => existsSync(place));
}

/** What to tell whoever runs the tests on a machine without a browser. */
export const NO_BROWSER = [
  'No Chromium found, so the pages are not tested in a browser. To test them:',
  '  - Debian or Ubuntu: apt-get update && apt-get install -y --no-install-recommends chromium',
  '  - set CHROMIUM_PATH to the Chrome or Chromium you have',
].join('\n');

/** Starts Chromium without its own sandbox, which containers and root do not allow; only our own pages are opened. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, chromiumSandbox: false, args: ['--disable-dev-shm-usage'] });
}

interface Posted {
  path: string;
  type: string;
  body: Buffer;
}

export interface PageServer {
  origin: string;
  /** Every POST that came in, in order. */
  posts: Posted[];
  close(): Promise<void>;
}

export interface Answer {
  headers: Record<string, string>;
  body: string;
}

/** A throwaway HTTP server on loopback: `get` renders a path, `post` answers a form that was sent to it. */
export async function servePages(
  get: (path: string) => Answer,
  post: (posted: Posted) => Answer = () => get('/'),
): Promise<PageServer> {
  const posts: Posted[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    let answer: Answer;
    if (request.method === 'POST') {
      const posted = { path, type: request.headers['content-type'] ?? '', body: await readAll(request) };
      posts.push(posted);
      answer = post(posted);
    } else {
      answer = get(path);
    }
    response.writeHead(200, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
