import type { MailStandIn, StandInLetter } from '../mail/index.ts';
import type * as wire from '../wire.ts';
import type { Store } from './store.ts';

/** Letters shown of all inboxes together. */
const SHOWN = 200;

/** The letters in the customers' inboxes. */
export interface Letters {
  /** Shows each with the customer whose mailbox it is; `keyOf` tells under which key somebody is shown. */
  show(keyOf: (mailbox: string) => string): void;
}

export function createLetters(store: Store, mail: MailStandIn): Letters {
  /** What is shown of each: its owner and fate. */
  const shown = new Map<string, string>();
  return {
    show(keyOf) {
      const newest = mail.letters.slice(-SHOWN);
      for (const letter of newest) {
        const owner = keyOf(letter.mailbox);
        const state = `${owner} ${letter.bounced}`;
        if (shown.get(letter.id) === state) continue;
        shown.set(letter.id, state);
        store.put(`text/${letter.id}`, textOf(letter, owner));
      }
      if (shown.size <= newest.length) return;
      const kept = new Set(newest.map(({ id }) => id));
      for (const id of [...shown.keys()].filter((each) => !kept.has(each))) {
        shown.delete(id);
        store.put(`text/${id}`, null);
      }
    },
  };
}

function textOf(letter: StandInLetter, owner: string): wire.Text {
  const { id, direction, subject, text, html, attachments, bounced, shownAt } = letter;
  return {
    id,
    number: owner,
    channel: 'email',
    direction,
    body: text,
    at: new Date(shownAt).toISOString(),
    status: direction === 'out' ? 'received' : bounced ? 'failed' : 'delivered',
    errorCode: null,
    automatic: false,
    template: false,
    letter: { subject, page: html !== null, attachments: attachments.map(({ name }) => name) },
  };
}
