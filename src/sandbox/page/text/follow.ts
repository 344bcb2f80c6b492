import { act, store } from '../state/server.ts';
import { chooseCustomer, openThread } from '../state/ui.ts';
import type { IconName } from '../ui/icons.tsx';

/** Where a link leads inside this page: a thread in Slack, or the phone behind a number. */
export function followLink(url: string, person: string): { go(): void; icon?: IconName } | undefined {
  const message = /\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})(?:\?thread_ts=([\d.]+))?/.exec(url);
  if (message) {
    const [, channel = '', seconds, fraction, root] = message;
    return {
      go() {
        if (store.entry('modal', person)?.value.length) void act({ act: 'close', user: person, everything: true });
        openThread(person, channel, root ?? `${seconds}.${fraction}`);
      },
    };
  }
  const number = /^tel:(\+\d+)$/.exec(url)?.[1];
  if (number && store.entry('customer', number))
    return { icon: 'phone', go: () => chooseCustomer(number, leadOf(number)) };
  return undefined;
}

/** The newest lead of a number. */
export function leadOf(number: string): string | null {
  const leads = store.all('lead').filter(({ value }) => value.number === number);
  return leads.sort((a, b) => a.value.createdAt.localeCompare(b.value.createdAt)).at(-1)?.id ?? null;
}
