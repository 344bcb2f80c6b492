import type { RequestHandler, Response } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import { sendProblemPage } from './answer.ts';

const WINDOW_MS = 60_000;

export interface Limits {
  /** Lets so many requests a minute pass from one address; each limiter counts for itself. `refuse` answers the others. */
  perMinute(limit: number, refuse?: (res: Response) => void): RequestHandler;
  close(): void;
}

/** Keeps guessers and machines that run wild off the public pages, in this process' memory. */
export function createLimits(): Limits {
  const stores: MemoryStore[] = [];
  return {
    perMinute(limit, refuse = (res) => sendProblemPage(res, 429)) {
      const store = new MemoryStore();
      stores.push(store);
      return rateLimit({
        windowMs: WINDOW_MS,
        limit,
        store,
        standardHeaders: false,
        legacyHeaders: false,
        // its checks write to the console; `trust proxy` is set on purpose
        validate: false,
        handler: (_req, res) => {
          res.set('Retry-After', String(WINDOW_MS / 1000));
          refuse(res);
        },
      });
    },
    close() {
      for (const store of stores) store.shutdown();
    },
  };
}
