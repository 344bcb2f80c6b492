import { useEffect, useMemo } from 'react';
import type { User } from '../../wire.ts';
import { useEntity } from '../state/hooks.ts';
import { closeThread } from '../state/ui.ts';
import { Icon } from '../ui/icons.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { useShown } from './shown.ts';

/** A message and what was said to it, beside the channel. */
export function ThreadPanel({ me, channel, ts }: { me: User; channel: string; ts: string }) {
  const shown = useShown(me.id, channel);
  const room = useEntity('channel', channel);
  const entries = useMemo(() => shown.filter(({ value }) => value.ts === ts || value.threadTs === ts), [shown, ts]);
  const there = entries.some(({ value }) => value.ts === ts);
  useEffect(() => {
    if (shown.length > 0 && !there) closeThread(me.id);
  }, [shown, there, me.id]);
  return (
    <aside className="thread" aria-label="Thread">
      <header className="view-head">
        <h2>Thread</h2>
        <p>{room?.kind === 'im' ? 'LeadRescue' : `#${room?.name ?? ''}`}</p>
        <button type="button" className="icon-button" aria-label="Close the thread" onClick={() => closeThread(me.id)}>
          <Icon name="close" />
        </button>
      </header>
      <MessageList me={me} entries={entries} label="Thread" inThread />
      <Composer
        me={me}
        channel={channel}
        thread={ts}
        label="Reply in the thread"
        hint="Reply; only your team reads it"
      />
    </aside>
  );
}
