export interface BatcherOptions<T> {
  /** Handles a whole batch, or throws; then nothing of the batch has had an effect. */
  run(items: T[]): Promise<void>;
  /** A batch is run when it has this many items… */
  maxItems: number;
  /** …or its first item has waited this long, in ms. */
  maxWaitMs: number;
  /** Batches run at once; what arrives meanwhile makes the next batch larger. */
  concurrency: number;
  /** Whether a failure may be one item's own doing, so that the others are tried without it. */
  divides(error: unknown): boolean;
}

export interface Batcher<T> {
  /** Resolves when the batch with this item is done; rejects with the batch's error. */
  add(item: T): Promise<void>;
}

interface Waiting<T> {
  item: T;
  resolve(): void;
  reject(error: unknown): void;
}

/** Makes few large calls of many small ones that arrive close together. Every item is answered for itself. */
export function createBatcher<T>(options: BatcherOptions<T>): Batcher<T> {
  const { run, maxItems, maxWaitMs, concurrency, divides } = options;
  let waiting: Waiting<T>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = 0;

  async function settle(batch: Waiting<T>[]): Promise<void> {
    try {
      await run(batch.map(({ item }) => item));
      for (const each of batch) each.resolve();
    } catch (error) {
      if (batch.length > 1 && divides(error)) {
        const middle = batch.length >> 1;
        await settle(batch.slice(0, middle));
        await settle(batch.slice(middle));
      } else {
        for (const each of batch) each.reject(error);
      }
    }
  }

  /** Starts what is ripe: a full batch, or any once the wait is over. */
  function start(waitIsOver: boolean): void {
    while (running < concurrency && (waiting.length >= maxItems || (waitIsOver && waiting.length > 0))) {
      const batch = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      running++;
      void settle(batch).finally(() => {
        running--;
        start(timer === undefined);
      });
    }
    if (waiting.length === 0) clearTimer();
  }

  function clearTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // with every place taken no timer is needed: the next that comes free takes what waits
        if (timer === undefined && running < concurrency) {
          timer = setTimeout(() => {
            timer = undefined;
            start(true);
          }, maxWaitMs);
        }
        start(false);
      }),
  };
}
