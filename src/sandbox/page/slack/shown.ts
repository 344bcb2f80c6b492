import { useMemo } from 'react';
import type { Channel } from '../../wire.ts';
import { useAll } from '../state/hooks.ts';
import type { Entry } from '../state/store.ts';

/** Where a person is. */
export type Shown = { at: 'home' } | { at: 'channel'; channel: Channel };

/** What a person sees in a channel: its messages, and what only they see, in order of arrival. */
export function useShown(person: string, channel: string): readonly Entry<'message' | 'whisper'>[] {
  const messages = useAll('message');
  const whispers = useAll('whisper');
  return useMemo(() => {
    const mine = whispers.filter(({ id, value }) => id.startsWith(`${person}/`) && value.channel === channel);
    const all = [...messages.filter(({ value }) => value.channel === channel), ...mine];
    // within one patch by time, as Slack does; later ones below, also when the clock was turned back meanwhile
    return all.sort((a, b) => a.arrived - b.arrived || a.value.ts.localeCompare(b.value.ts));
  }, [messages, whispers, person, channel]);
}

/** What is said under a message, in short. */
export interface Replies {
  count: number;
  lastTs: string;
  users: string[];
}

/** Replies by the root of their thread. */
export function countReplies(entries: readonly Entry<'message' | 'whisper'>[]): ReadonlyMap<string, Replies> {
  const replies = new Map<string, Replies>();
  for (const { value } of entries) {
    const { threadTs, ts, user } = value;
    if (!threadTs || threadTs === ts) continue;
    const before = replies.get(threadTs);
    const users = [...new Set([...(before?.users ?? []), user])];
    replies.set(threadTs, { count: (before?.count ?? 0) + 1, lastTs: ts, users });
  }
  return replies;
}
