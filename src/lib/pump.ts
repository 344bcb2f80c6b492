/** Work that is taken from a table under a lease, a few pieces at once. */
export interface Pump {
  /** Runs everything that is due until nothing is; calls while running are folded into one more round. */
  run(): Promise<void>;
  /** Takes nothing more, and waits for what is under way. */
  drain(): Promise<void>;
}

/**
 * Keeps up to `atOnce` pieces going, so that a slow one does not hold up the others. `take` claims at most as many as it is
 * told; `work` never throws.
 */
export function createPump<Row>(deps: {
  atOnce: number;
  take(limit: number): Promise<Row[]>;
  work(row: Row): Promise<void>;
}): Pump {
  const { atOnce, take, work } = deps;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  async function pump(): Promise<void> {
    const going = new Set<Promise<void>>();
    for (;;) {
      const rows = stopped ? [] : await take(atOnce - going.size);
      for (const row of rows) {
        const run: Promise<void> = work(row).finally(() => going.delete(run));
        going.add(run);
      }
      if (going.size === 0) return;
      if (rows.length === 0 || going.size >= atOnce) await Promise.race(going);
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
