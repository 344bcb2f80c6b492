import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KnownError } from '../lib/errors.ts';

/** Longer than load balancers keep an idle connection (60 s is usual), so that it is never us who hangs up first. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 66_000;
/** Ten megabytes over a slow phone. */
const REQUEST_MS = 180_000;
const CLOSE_MS = 5000;
const SWEEP_MS = 25;

export interface HttpServer {
  readonly closing: boolean;
  /** Throws `misconfigured` when the port cannot be had. */
  listen(listener: RequestListener, host: string, port: number): Promise<{ port: number }>;
  /** Takes no more connections, lets requests finish for up to five seconds, then cuts what is left. */
  close(): Promise<void>;
}

export function createHttpServer(): HttpServer {
  let server: Server | undefined;
  let closed: Promise<void> | undefined;

  return {
    get closing() {
      return closed !== undefined;
    },
    async listen(listener, host, port) {
      const created = createServer(
        { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
        listener,
      );
      await new Promise<void>((resolve, reject) => {
        created.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(cause, host, port)));
        created.listen(port, host, resolve);
      });
      server = created;
      return { port: (created.address() as AddressInfo).port };
    },
    close() {
      closed ??= server ? drain(server) : Promise.resolve();
      return closed;
    },
  };
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // a connection becomes idle when its last answer is out
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const bound = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(bound);
      resolve();
    });
  });
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): KnownError {
  const why =
    cause.code === 'EADDRINUSE'
      ? `PORT: ${port} on ${host} is in use. Stop what uses it, or set another PORT.`
      : `HOST, PORT: ${host}:${port} cannot be listened on (${cause.code}).`;
  return new KnownError('misconfigured', `cannot listen: ${cause.code}`, why, { cause });
}
