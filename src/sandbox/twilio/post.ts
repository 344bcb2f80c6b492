import { createHttpPool, type HttpPool, type HttpResult } from '../../lib/http.ts';
import { sign } from './signature.ts';

/** Twilio waits this long for a webhook. */
const WEBHOOK_TIMEOUT_MS = 15_000;
const CONNECTIONS = 32;

export interface Poster {
  /** Posts a form, signed as Twilio signs it. */
  post(url: string, form: Record<string, string>): Promise<HttpResult>;
  /** Cuts what is under way. */
  stop(): Promise<void>;
}

/** Posts webhooks to the application. */
export function createPoster(authToken: string): Poster {
  const pools = new Map<string, HttpPool>();
  return {
    post(url, form) {
      const { origin, pathname, search } = new URL(url);
      let pool = pools.get(origin);
      if (!pool) {
        pool = createHttpPool({ origin, connections: CONNECTIONS, timeoutMs: WEBHOOK_TIMEOUT_MS });
        pools.set(origin, pool);
      }
      return pool.call({
        method: 'POST',
        path: pathname + search,
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'user-agent': 'TwilioProxy/1.1',
          'x-twilio-signature': sign(authToken, url, form),
        },
        body: new URLSearchParams(form).toString(),
      });
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}
