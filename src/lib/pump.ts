/** Work that is taken from a table under a lease, a few pieces at once. */
export interface Pump {
  /** Runs everything that is due until nothing is; calls while running are folded into one more round. */
  run(): Promise<void>;
  /** Takes nothing more, and waits for what is under way. */
  drain(): Promise<void>;
}

/**
 * Keeps up to `atOnce` pieces going, so that a slow one does not hold up the others. `take` claims at most as many as it is
 * told; `work` and `renew` never throw. With `renew` what is under way is kept every `renewMs`.
 */
export function createPump<Row>(deps: {
  atOnce: number;
  take(limit: number): Promise<Row[]>;
  work(row: Row): Promise<void>;
  renewMs?: number;
  renew?(rows: Row[]): Promise<unknown>;
}): Pump {
  const { atOnce, take, work, renewMs, renew } = deps;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  async function pump(): Promise<void> {
    const going = new Map<Promise<void>, Row>();
    const keeping = renew && setInterval(() => going.size > 0 && void renew([...going.values()]), renewMs);
    try {
      for (;;) {
        const rows = stopped ? [] : await take(atOnce - going.size);
        for (const row of rows) {
          const run: Promise<void> = work(row).finally(() => going.delete(run));
          going.set(run, row);
        }
        if (going.size === 0) return;
        if (rows.length === 0 || going.size >= atOnce) await Promise.race(going.keys());
      }
    } finally {
      // nothing can be taken any more while some is still worked on: that is kept until it is over
      void Promise.all(going.keys()).then(() => clearInterval(keeping));
    }
  }

  return {
    run() {
      if (running) {
        again = true;
        return running;
      }
      running = (async () => {
        do {
          again = false;
          await pump();
        } while (again && !stopped);
      })().finally(() => {
        running = undefined;
      });
      return running;
    },
    async drain() {
      stopped = true;
      await running?.catch(() => {});
    },
  };
}
