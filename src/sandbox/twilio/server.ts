import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './types.ts';

const MAX_BODY_BYTES = 256 * 1024;
/** Longer than the client keeps idle connections, as Twilio's own load balancers do. */
const KEEP_ALIVE_MS = 60_000;

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A listening socket that can go away and come back on the same port. */
export interface Listener {
  start(): Promise<{ url: string }>;
  stop(): Promise<void>;
}

export function createListener(handler: Handler, port: number): Listener {
  let server: Server | undefined;
  let boundPort = port;

  return {
    async start() {
      const created = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
        readBody(request, (body) => handler(request, response, body));
      });
      await new Promise<void>((resolve, reject) => {
        created.once('error', reject);
        created.listen(boundPort, '127.0.0.1', resolve);
      });
      server = created;
      boundPort = (created.address() as AddressInfo).port;
      return { url: `http://127.0.0.1:${boundPort}` };
    },
    async stop() {
      const closing = server;
      server = undefined;
      if (!closing) return;
      const closed = new Promise((resolve) => closing.close(resolve));
      closing.closeAllConnections();
      await closed;
    },
  };
}

function readBody(request: IncomingMessage, then: (body: string) => void): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) request.destroy();
  });
  request.on('end', () => then(body));
}

export function sendAnswer(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
