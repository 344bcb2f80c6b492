import type { Entities, Patch } from '../../wire.ts';

/*
 * What the server has said, by key. Lists keep their identity until something of their kind changes, so that React can
 * tell what is new. Pure: time is handed in.
 */

export type Kind = keyof Entities;

export interface Entry<K extends Kind = Kind> {
  /** The part of the key after the kind: `C0/1700000000.000100` of `message/C0/…`; empty for single values. */
  id: string;
  value: Entities[K];
  /** Order of arrival: 0 for what the first patch held, then counting patches. A change keeps it. */
  arrived: number;
  /** Local time when this value came, ms since the epoch. */
  at: number;
}

export interface Store {
  apply(patch: Patch, at: number): void;
  entry<K extends Kind>(kind: K, id?: string): Entry<K> | undefined;
  all<K extends Kind>(kind: K): readonly Entry<K>[];
  /** Patches applied so far. */
  patches(): number;
  /** Calls `listener` after each patch; the answer ends it. */
  subscribe(listener: () => void): () => void;
}

const NOTHING: readonly never[] = [];

export function createStore(): Store {
  const shelves = new Map<string, Map<string, Entry>>();
  const lists = new Map<string, readonly Entry[]>();
  const listeners = new Set<() => void>();
  let count = 0;

  function put(key: string, value: unknown, at: number, before: Entry | undefined): void {
    const [kind, id] = split(key);
    lists.delete(kind);
    const shelf = shelves.get(kind) ?? new Map<string, Entry>();
    shelves.set(kind, shelf);
    if (value === null) shelf.delete(id);
    else shelf.set(id, { id, value: value as Entities[Kind], arrived: before?.arrived ?? count, at });
  }

  const find = (key: string) => {
    const [kind, id] = split(key);
    return shelves.get(kind)?.get(id);
  };

  return {
    apply(patch, at) {
      const known = Object.entries(patch.put).map(([key, value]) => ({ key, value, before: find(key) }));
      if (patch.fresh) {
        shelves.clear();
        lists.clear();
      }
      for (const { key, value, before } of known) put(key, value, at, before);
      count += 1;
      for (const listener of [...listeners]) listener();
    },
    entry<K extends Kind>(kind: K, id = '') {
      return shelves.get(kind)?.get(id) as Entry<K> | undefined;
    },
    all<K extends Kind>(kind: K) {
      const shelf = shelves.get(kind);
      if (!shelf) return NOTHING;
      const list = lists.get(kind) ?? [...shelf.values()];
      lists.set(kind, list);
      return list as readonly Entry<K>[];
    },
    patches: () => count,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function split(key: string): [kind: string, id: string] {
  const slash = key.indexOf('/');
  return slash < 0 ? [key, ''] : [key.slice(0, slash), key.slice(slash + 1)];
}
