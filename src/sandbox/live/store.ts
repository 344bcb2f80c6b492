/*
 * What the page shows, as values under keys. Whoever puts the same value twice changes nothing; changes of one moment leave
 * together, as one patch for everybody.
 */

export interface Store {
  /** Puts a value under a key; null takes the key away. */
  put(key: string, value: unknown): void;
  /** A value that runs on by itself: it counts as changed when `tag` does, and is made anew whenever it is sent. */
  putLive(key: string, tag: string, make: () => unknown): void;
  /** Puts these values and takes away all others whose keys begin with `prefix`. */
  replace(prefix: string, values: ReadonlyMap<string, unknown>): void;
  /** Everything, as the JSON of a patch. */
  everything(): string;
  /** Calls `listener` with the JSON of each patch; the answer ends it. */
  subscribe(listener: (patch: string) => void): () => void;
  clear(): void;
}

/** How long changes wait for others. */
const GATHER_MS = 10;

interface Entry {
  tag: string;
  json(): string;
}

export function createStore(): Store {
  const entries = new Map<string, Entry>();
  const changed = new Set<string>();
  const listeners = new Set<(patch: string) => void>();
  let timer: NodeJS.Timeout | undefined;

  function jsonOf(keys: Iterable<string>): string {
    return [...keys].map((key) => `${JSON.stringify(key)}:${entries.get(key)?.json() ?? 'null'}`).join(',');
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const patch = `{"put":{${jsonOf(changed)}}}`;
    changed.clear();
    for (const listener of [...listeners]) listener(patch);
  }

  function note(key: string): void {
    changed.add(key);
    timer ??= setTimeout(flush, GATHER_MS);
  }

  function set(key: string, entry: Entry): void {
    if (entries.get(key)?.tag === entry.tag) return;
    entries.set(key, entry);
    note(key);
  }

  function put(key: string, value: unknown): void {
    if (value === null || value === undefined) {
      if (entries.delete(key)) note(key);
      return;
    }
    const json = JSON.stringify(value);
    set(key, { tag: json, json: () => json });
  }

  return {
    put,
    putLive: (key, tag, make) => set(key, { tag, json: () => JSON.stringify(make()) }),
    replace(prefix, values) {
      for (const key of [...entries.keys()]) if (key.startsWith(prefix) && !values.has(key)) put(key, null);
      for (const [key, value] of values) put(key, value);
    },
    everything: () => `{"fresh":true,"put":{${jsonOf(entries.keys())}}}`,
    subscribe(listener) {
      // what has gathered is in everything that the new one begins with
      if (timer) flush();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      entries.clear();
      changed.clear();
    },
  };
}
