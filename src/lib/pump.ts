/** Work that is taken from a table under a lease, a few pieces at once. */
export interface Pump {
  /** Runs everything that is due until nothing is. Asked while it runs, it looks once more, whatever is under way. */
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
  const going = new Map<Promise<void>, Row>();
  const keeping = renew && setInterval(() => going.size > 0 && void renew([...going.values()]), renewMs);
  keeping?.unref();
  let running: Promise<void> | undefined;
  let asked = false;
  let nudge = () => {};
  let stopped = false;

  async function pump(): Promise<void> {
    try {
      for (;;) {
        asked = false;
        const rows = stopped ? [] : await take(atOnce - going.size);
        for (const row of rows) {
          const run: Promise<void> = work(row).finally(() => {
            going.delete(run);
            asked = true; // it may have stood in the way of what was not taken
          });
          going.set(run, row);
        }
        const room = going.size < atOnce;
        if (room && (rows.length > 0 || asked)) continue;
        if (going.size === 0) return;
        const nudged = new Promise<void>((resolve) => {
          nudge = resolve;
        });
        await Promise.race(room ? [...going.keys(), nudged] : going.keys());
      }
    } finally {
      running = undefined;
    }
  }

  return {
    run() {
      if (stopped) return running ?? Promise.resolve();
      if (running) {
        asked = true;
        nudge();
      } else running = pump();
      return running;
    },
    async drain() {
      stopped = true;
      await running?.catch(() => {});
      await Promise.all(going.keys());
      clearInterval(keeping);
    },
  };
}
