import { createHmac, randomUUID } from 'node:crypto';
import { createHttpPool, type HttpPool, type HttpResult } from '../../lib/http.ts';

const WEBHOOK_TIMEOUT_MS = 15_000;
const CONNECTIONS = 32;

/** Posts callbacks to the application, signed as Sinch signs them. */
export interface Poster {
  post(payload: object): Promise<HttpResult>;
  /** Settles when every callback has been answered. */
  idle(): Promise<void>;
  stop(): Promise<void>;
  readonly count: number;
}

/** The headers that Sinch adds to a callback. */
export function signedHeaders(secret: string, body: string, machine: () => number): Record<string, string> {
  const nonce = randomUUID();
  const timestamp = String(Math.floor(machine() / 1000));
  return {
    'x-sinch-webhook-signature': createHmac('sha256', secret).update(`${body}.${nonce}.${timestamp}`).digest('base64'),
    'x-sinch-webhook-signature-nonce': nonce,
    'x-sinch-webhook-signature-timestamp': timestamp,
    'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
  };
}

export function createPoster(options: {
  appId: string;
  projectId: string;
  secret: string;
  url: () => string;
  machine: () => number;
}): Poster {
  const pools = new Map<string, HttpPool>();
  const underWay = new Set<Promise<unknown>>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    post(payload) {
      count++;
      const { origin, pathname } = new URL(options.url());
      const pool =
        pools.get(origin) ?? createHttpPool({ origin, connections: CONNECTIONS, timeoutMs: WEBHOOK_TIMEOUT_MS });
      pools.set(origin, pool);
      const now = new Date(options.machine()).toISOString();
      const body = JSON.stringify({
        app_id: options.appId,
        project_id: options.projectId,
        accepted_time: now,
        event_time: now,
        ...payload,
      });
      const headers = { 'content-type': 'application/json', ...signedHeaders(options.secret, body, options.machine) };
      const posting = pool.call({ method: 'POST', path: pathname, headers, body });
      underWay.add(posting);
      return posting.finally(() => underWay.delete(posting));
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}
