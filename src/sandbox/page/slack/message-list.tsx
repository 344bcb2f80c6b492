import { Fragment, type ReactNode, useContext, useEffect, useLayoutEffect, useRef } from 'react';
import type { User } from '../../wire.ts';
import { useNow } from '../state/hooks.ts';
import type { Entry } from '../state/store.ts';
import { Reader } from '../text/reader.ts';
import { dayKey, dayTitle, MINUTE } from '../words/time.ts';
import { MessageView } from './message.tsx';
import type { Replies } from './shown.ts';
import { whispered } from './whispered.ts';

interface ListProps {
  me: User;
  entries: readonly Entry<'message' | 'whisper'>[];
  replies?: ReadonlyMap<string, Replies>;
  label: string;
  empty?: ReactNode;
  /** In a thread: no days, no counts of replies. */
  inThread?: boolean;
}

/** Further from the end than this, somebody reads above and is left there. */
const NEAR_END = 160;
/** One person's messages within this stand together under one name. */
const TOGETHER = 5 * MINUTE;

/** Messages from the first to the newest; follows what arrives. */
export function MessageList({ me, entries, replies, label, empty, inThread }: ListProps) {
  const { zone } = useContext(Reader);
  const now = useNow(60_000);
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const top = useRef(0);
  const opened = useRef(true);
  const last = entries.at(-1);

  useLayoutEffect(() => {
    const node = box.current;
    const behavior = opened.current ? 'instant' : 'auto';
    if (node && last && follows.current) node.scrollTo({ top: node.scrollHeight, behavior });
    opened.current = false;
  }, [last]);
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    const stay = new ResizeObserver(() => {
      if (follows.current) node.scrollTo({ top: node.scrollHeight, behavior: 'instant' });
    });
    stay.observe(node);
    if (node.firstElementChild) stay.observe(node.firstElementChild);
    return () => stay.disconnect();
  }, []);

  return (
    <div
      ref={box}
      className="messages"
      role="log"
      aria-label={label}
      onScroll={(event) => {
        const node = event.currentTarget;
        const near = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_END;
        // only who scrolls up reads above: a picture that has just come makes the list longer as well
        if (near || node.scrollTop < top.current) follows.current = near;
        top.current = node.scrollTop;
      }}
    >
      <div className="messages-in">
        {entries.length === 0 && empty}
        {entries.map((entry, index) => {
          const before = entries[index - 1];
          const at = Number(entry.value.ts) * 1000;
          const newDay = !inThread && (!before || dayKey(Number(before.value.ts) * 1000, zone) !== dayKey(at, zone));
          return (
            <Fragment key={entry.id}>
              {newDay && (
                <div className="day">
                  <span>{dayTitle(at, zone, now)}</span>
                </div>
              )}
              <MessageView
                me={me.id}
                entry={entry}
                joined={!newDay && isJoined(before, entry, at)}
                replies={replies?.get(entry.value.ts)}
              />
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}

function isJoined(before: Entry<'message' | 'whisper'> | undefined, entry: Entry<'message' | 'whisper'>, at: number) {
  if (!before || before.value.user !== entry.value.user) return false;
  const apart = at - Number(before.value.ts) * 1000;
  return apart >= 0 && apart < TOGETHER && whispered(before) === whispered(entry) && entry.value.blocks.length === 0;
}
