import type { RequestHandler } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import { sendProblemPage } from './answer.ts';

const WINDOW_MS = 60_000;

export interface Limits {
  /** So many requests a minute from one address, whatever comes of them. */
  perMinute(limit: number): RequestHandler;
  /**
   * So many *failed* requests a minute: for guessers. What succeeds is never counted, because the opt-outs of a whole
   * mail provider may come from one address and none may be refused.
   */
  failuresPerMinute(limit: number): RequestHandler;
  close(): void;
}

export function createLimits(): Limits {
  const stores: MemoryStore[] = [];
  const limiter = (limit: number, skipSuccessfulRequests: boolean) => {
    const store = new MemoryStore();
    stores.push(store);
    return rateLimit({
      windowMs: WINDOW_MS,
      limit,
      skipSuccessfulRequests,
      store,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // its checks write to the console; `trust proxy` is set on purpose
      validate: false,
      handler: (_req, res) => sendProblemPage(res, 429),
    });
  };
  return {
    perMinute: (limit) => limiter(limit, false),
    failuresPerMinute: (limit) => limiter(limit, true),
    close() {
      for (const store of stores) store.shutdown();
    },
  };
}
