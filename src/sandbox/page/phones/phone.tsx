import { useMemo } from 'react';
import type { Customer, Scene, TextChannel } from '../../wire.ts';
import { useChange } from '../state/change.ts';
import { useAll, useNow, useUi } from '../state/hooks.ts';
import type { Entry } from '../state/store.ts';
import { chooseApp } from '../state/ui.ts';
import { roving } from '../ui/roving.ts';
import { clockWords } from '../words/time.ts';
import { APP_NAMES, appsOf, textsOn } from './apps.ts';
import { Chat } from './chat.tsx';
import { Inbox } from './inbox.tsx';
import { PhoneFrame } from './phone-frame.tsx';
import { useReading } from './reading.ts';

/** One customer's phone with its apps. */
export function Phone({ customer, scene }: { customer: Customer; scene: Scene }) {
  const texts = useAll('text');
  const own = useMemo(() => textsOn(texts, customer.number), [texts, customer.number]);
  const apps = appsOf(own, scene.senders, customer);
  const picked = useUi((ui) => ui.apps[customer.number]);
  // where the last word was, until somebody looks elsewhere: an empty app beside a full one looks as if nothing had come
  const wanted = picked ?? own.at(-1)?.value.channel;
  const app = apps.find((each) => each === wanted) ?? apps[0] ?? 'whatsapp';
  const now = useNow(5000);
  const zone = customer.zone ?? scene.zone;
  useFollowing(own, customer.number);
  useReading(own, app);
  const shown = own.filter(({ value }) => value.channel === app);
  return (
    <PhoneFrame time={clockWords(now, zone)}>
      <div className="apps" role="tablist" aria-label="Apps on the phone" onKeyDown={roving}>
        {apps.map((each) => {
          const unread = each !== app && own.some(({ value }) => value.channel === each && isNews(value));
          return (
            <button
              key={each}
              type="button"
              role="tab"
              aria-selected={each === app}
              tabIndex={each === app ? 0 : -1}
              className="app-tab"
              onClick={() => chooseApp(customer.number, each)}
            >
              {APP_NAMES[each]}
              {unread && <span className="dot" role="img" aria-label="unread" />}
            </button>
          );
        })}
      </div>
      {app === 'email' ? (
        <Inbox texts={shown} zone={zone} scene={scene} customer={customer} />
      ) : (
        <Chat key={app} app={app} customer={customer} scene={scene} texts={shown} zone={zone} />
      )}
    </PhoneFrame>
  );
}

const isNews = (text: Entry<'text'>['value']) => text.direction === 'in' && text.status === 'delivered';

/** Opens the app in which something arrives while the page is open. */
function useFollowing(own: readonly Entry<'text'>[], number: string): void {
  const last = own.at(-1);
  const app: TextChannel | undefined = last?.value.channel;
  const arrived = last?.arrived ?? 0;
  useChange(`${number} ${arrived}`, () => {
    if (arrived > 0 && app) chooseApp(number, app);
  });
}
