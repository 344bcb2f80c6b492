/** People with phones who were invited at the page: their names, by bare E.164, until the business knows them. */
export interface Guests {
  readonly names: ReadonlyMap<string, string>;
  add(number: string, name: string): void;
  /** Calls `listener` after each change; the answer ends it. */
  subscribe(listener: () => void): () => void;
}

/** So many phones fit on a page. */
const MAX = 50;

export function createGuests(): Guests {
  const names = new Map<string, string>();
  const listeners = new Set<() => void>();
  return {
    names,
    add(number, name) {
      names.delete(number);
      names.set(number, name);
      const [oldest] = names.keys();
      if (names.size > MAX && oldest !== undefined) names.delete(oldest);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
