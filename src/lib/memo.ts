import type { Clock } from './clock.ts';

export interface Memo<K, V> {
  get(key: K): Promise<V>;
  forget(key: K): void;
}

/**
 * Remembers what `load` answered for `freshMs` of machine time; callers that ask at once share one load. Failures are
 * not remembered.
 */
export function memo<K, V>(clock: Pick<Clock, 'machine'>, freshMs: number, load: (key: K) => Promise<V>): Memo<K, V> {
  const known = new Map<K, { value: Promise<V>; until: number }>();
  return {
    get(key) {
      const hit = known.get(key);
      if (hit && hit.until > clock.machine()) return hit.value;
      const value = load(key);
      known.set(key, { value, until: clock.machine() + freshMs });
      value.catch(() => known.delete(key));
      return value;
    },
    forget: (key) => known.delete(key),
  };
}
