import type { Clock } from './clock.ts';

export interface Memo<K, V> {
  get(key: K): Promise<V>;
  forget(key: K): void;
}

interface Known<V> {
  value: Promise<V>;
  until: number;
  renewing: boolean;
}

/**
 * Remembers what `load` answered for `freshMs` of machine time; callers that ask at once share one load. What is asked for
 * again in the second half of that time is loaded anew meanwhile, so that nobody waits for what is always in use. Failures
 * are not remembered.
 */
export function memo<K, V>(clock: Pick<Clock, 'machine'>, freshMs: number, load: (key: K) => Promise<V>): Memo<K, V> {
  const known = new Map<K, Known<V>>();

  function renew(key: K, old: Known<V>, now: number): void {
    old.renewing = true;
    const value = load(key);
    value.then(
      () => {
        if (known.get(key) === old) known.set(key, { value, until: now + freshMs, renewing: false });
      },
      () => {}, // whoever asks when it is no longer fresh hears of it
    );
  }

  return {
    get(key) {
      const now = clock.machine();
      const hit = known.get(key);
      if (hit && hit.until > now) {
        if (!hit.renewing && hit.until - now < freshMs / 2) renew(key, hit, now);
        return hit.value;
      }
      const value = load(key);
      known.set(key, { value, until: now + freshMs, renewing: false });
      value.catch(() => known.delete(key));
      return value;
    },
    forget: (key) => known.delete(key),
  };
}
