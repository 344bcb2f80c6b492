import type { RequestHandler, Response } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import type { Caller } from '../../access/index.ts';
import { sendTrouble } from './problem.ts';

const WINDOW_MS = 60_000;

/** Requests a minute, in one process. */
export interface ApiRates {
  /** Of one key. */
  key: number;
  /** Of all who signed in together. */
  all: number;
  /** Of one address, whoever asks from there. */
  address: number;
  /** Attempts to sign in, of one address. */
  signIn: number;
}

export const RATES: ApiRates = { key: 600, all: 12_000, address: 3000, signIn: 30 };

export interface ApiLimits {
  all: RequestHandler;
  address: RequestHandler;
  key: RequestHandler;
  signIn: RequestHandler;
  close(): void;
}

/**
 * Keeps one caller from taking the others' share, and whoever has no key from taking any of it: what all have together is
 * counted once it is known who asks. A key's own limit is told in `RateLimit-*` headers.
 */
export function createApiLimits(rates: ApiRates): ApiLimits {
  const stores: MemoryStore[] = [];
  const limit = (perMinute: number, told: boolean, keyOf?: (res: Response) => string): RequestHandler => {
    const store = new MemoryStore();
    stores.push(store);
    return rateLimit({
      windowMs: WINDOW_MS,
      limit: perMinute,
      store,
      standardHeaders: told ? 'draft-6' : false,
      legacyHeaders: false,
      // its checks write to the console; `trust proxy` is set on purpose
      validate: false,
      ...(keyOf && { keyGenerator: (_req, res) => keyOf(res as Response) }),
      handler: (_req, res) => {
        if (!res.getHeader('Retry-After')) res.set('Retry-After', String(WINDOW_MS / 1000));
        sendTrouble(res as Response, 429, 'Wait as long as Retry-After says, then go on.');
      },
    });
  };
  return {
    all: limit(rates.all, false, () => 'all'),
    address: limit(rates.address, false),
    key: limit(rates.key, true, (res) => (res.locals.caller as Caller).key.id),
    signIn: limit(rates.signIn, true),
    close() {
      for (const store of stores) store.shutdown();
    },
  };
}
