import { randomInt } from 'node:crypto';

/*
 * Random schedules that can be played again: each test draws from one seed, and a failure says which. What the
 * operating system decides cannot be repeated, but the same kills at the same points mostly show the same thing.
 */

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** The same items in another order. */
  shuffle<T>(items: readonly T[]): T[];
}

/** Runs a test with numbers from `FAULT_SEED`, or from a seed of its own, which a failure names. */
export function seeded(run: (random: Random, seed: number) => Promise<void>): () => Promise<void> {
  return async () => {
    const seed = Number(process.env.FAULT_SEED ?? randomInt(1, 2 ** 31));
    try {
      await run(createRandom(seed), seed);
    } catch (error) {
      const told = error instanceof Error ? error : new Error(String(error));
      told.message = `FAULT_SEED=${seed} plays this again.\n${told.message}`;
      throw told;
    }
  };
}

/** A small generator of numbers from a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick(items) {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    shuffle(items) {
      const order = items.map((item) => ({ item, at: next() }));
      return order.sort((a, b) => a.at - b.at).map(({ item }) => item);
    },
  };
}
