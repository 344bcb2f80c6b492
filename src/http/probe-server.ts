import express from 'express';
import type { HttpDeps } from './deps.ts';
import { mountProbes } from './probes.ts';
import { createHttpServer, type HttpServer } from './server.ts';

/** Answers probes and nothing else: for processes that take no requests. Throws `misconfigured` when the port cannot be had. */
export async function serveProbes(
  place: { host: string; port: number },
  deps: Pick<HttpDeps, 'ready' | 'metrics'>,
): Promise<{ port: number; close: HttpServer['close'] }> {
  const app = express();
  app.disable('x-powered-by');
  mountProbes(app, deps);
  const server = createHttpServer();
  const { port } = await server.listen(app, place.host, place.port);
  return { port, close: server.close };
}
