import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Entities } from '../../wire.ts';
import { lineNow, store, watchLine } from './server.ts';
import type { Entry, Kind } from './store.ts';
import { type Ui, uiNow, watchUi } from './ui.ts';

/** One value; undefined until the server has said it. */
export function useEntity<K extends Kind>(kind: K, id = ''): Entities[K] | undefined {
  return useSyncExternalStore(
    store.subscribe,
    useCallback(() => store.entry(kind, id)?.value, [kind, id]),
  );
}

/** Everything of a kind, in order of arrival. */
export function useAll<K extends Kind>(kind: K): readonly Entry<K>[] {
  return useSyncExternalStore(
    store.subscribe,
    useCallback(() => store.all(kind), [kind]),
  );
}

/** The values of a kind. */
export function useValues<K extends Kind>(kind: K): readonly Entities[K][] {
  const entries = useAll(kind);
  return useMemo(() => entries.map((entry) => entry.value), [entries]);
}

export const useLine = () => useSyncExternalStore(watchLine, lineNow);

/** A part of what this page shows at the moment; `pick` must give the same thing while nothing changed. */
export function useUi<T>(pick: (ui: Ui) => T): T {
  return useSyncExternalStore(watchUi, () => pick(uiNow()));
}

/** Business time in ms since the epoch, read again every `everyMs`. */
export function useNow(everyMs = 1000): number {
  const entry = useSyncExternalStore(store.subscribe, () => store.entry('clock'));
  const [local, setLocal] = useState(Date.now);
  useEffect(() => {
    setLocal(Date.now());
    const timer = setInterval(() => setLocal(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  if (!entry) return local;
  return Date.parse(entry.value.now) + Math.max(0, local - entry.at);
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    useCallback(
      (watcher) => {
        const media = matchMedia(query);
        media.addEventListener('change', watcher);
        return () => media.removeEventListener('change', watcher);
      },
      [query],
    ),
    () => matchMedia(query).matches,
  );
}
