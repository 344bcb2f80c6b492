import { Fragment, useRef } from 'react';
import type { Customer, Scene } from '../../wire.ts';
import { useStartedAgain } from '../state/again.ts';
import { useChange } from '../state/change.ts';
import { useNow } from '../state/hooks.ts';
import { firstName } from '../state/people.ts';
import type { Entry } from '../state/store.ts';
import { phoneWords } from '../words/phone.ts';
import { dayKey, dayTitle } from '../words/time.ts';
import { APP_NAMES } from './apps.ts';
import { Bubble } from './bubble.tsx';
import { Writing } from './writing.tsx';

interface ChatProps {
  app: 'whatsapp' | 'sms';
  customer: Customer;
  scene: Scene;
  texts: readonly Entry<'text'>[];
  zone: string;
}

/** A conversation with the business, as it looks on a phone. */
export function Chat({ app, customer, scene, texts, zone }: ChatProps) {
  const sender = scene.senders[app];
  const now = useNow(60_000);
  const box = useRef<HTMLDivElement>(null);
  const last = texts.at(-1);
  const again = useStartedAgain();
  useChange(last, () => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  });
  return (
    <div className={`chat ${app}`}>
      <header className="chat-head">
        <span className="chat-sign" aria-hidden="true">
          {[...scene.business][0]}
        </span>
        <p>
          <strong>{scene.business}</strong>
          <span>{sender ? phoneWords(sender) : `not on ${APP_NAMES[app]}`}</span>
        </p>
      </header>
      <div ref={box} className="bubbles" role="log" aria-label={`${APP_NAMES[app]} with ${scene.business}`}>
        {texts.length === 0 && <p className="chat-empty">{emptyWords(app, customer, scene, again)}</p>}
        {texts.map((entry, index) => {
          const at = Date.parse(entry.value.at);
          const before = texts[index - 1];
          const newDay = !before || dayKey(Date.parse(before.value.at), zone) !== dayKey(at, zone);
          return (
            <Fragment key={entry.id}>
              {newDay && (
                <div className="bubble-day">
                  <span>{dayTitle(at, zone, now)}</span>
                </div>
              )}
              <Bubble
                entry={entry}
                zone={zone}
                follows={!newDay && before?.value.direction === entry.value.direction}
              />
            </Fragment>
          );
        })}
      </div>
      {sender && <Writing app={app} customer={customer} scene={scene} />}
    </div>
  );
}

function emptyWords(app: 'whatsapp' | 'sms', customer: Customer, scene: Scene, again: boolean): string {
  if (again)
    return 'The sandbox was started again, and its phones begin empty. The follow-up below shows what was sent.';
  if (!customer.name) return `Nothing yet. Write to ${scene.business}, and see who is told.`;
  const who = firstName(customer.name);
  return app === 'sms'
    ? `No SMS so far. They come when WhatsApp cannot reach ${who}.`
    : `Nothing yet. What ${scene.business} sends to ${who} arrives here.`;
}
