import type { Logger } from '../lib/logger.ts';

/** Work that nobody waits for, but that a stop does. */
export interface Background {
  /** `what` names it in the log, should it fail. */
  run(what: string, work: () => Promise<unknown>): void;
  /** Waits for what is under way, and for what that starts. */
  drain(): Promise<void>;
}

export function createBackground(log: Logger): Background {
  const underWay = new Set<Promise<void>>();
  return {
    run(what, work) {
      const run: Promise<void> = work()
        .then(() => undefined)
        .catch((error: unknown) => log.warn({ err: error, what }, 'work in the background failed'))
        .finally(() => underWay.delete(run));
      underWay.add(run);
    },
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
