import type { PhoneUsage, ShownPhone } from '../../phones/index.ts';
import { escapeMarkup } from '../text.ts';

/** Said once, before a phone is linked. */
export const RISK = [
  '*Before you link a phone*',
  'This links your WhatsApp number the way WhatsApp Web does. WhatsApp does not allow programs on it: a number that is reported by customers, or writes a lot to people who never wrote to it, *can be blocked for good*. We write slowly, few messages in the first days, and only to people who asked to be contacted; the risk stays yours.',
  'Use a number of the business, never a private one. The safe way is the Business API (Twilio, Sinch).',
].join('\n\n');

export const HOW_TO_SCAN =
  'On the phone: *WhatsApp → Settings → Linked devices → Link a device*, then hold it in front of this picture. It changes every few seconds; whoever scans it links their phone, so do not pass it on.';

const LOG_OUT = 'WhatsApp → Settings → Linked devices, and log it out there';

const REFUSED: Record<string, string> = {
  no_browser:
    'No phone can be linked: WhatsApp Web needs Chromium or Chrome where the worker runs, and there is none. Whoever runs LeadRescue installs it, or names it in `CHROMIUM_PATH`. Then link again.',
  number_taken: 'That number is already linked by another business here. Unlink it there first.',
  no_number: 'WhatsApp did not tell the number of that phone. Link it again.',
  no_connection: 'WhatsApp Web could not be reached. Try again in a few minutes: `/rescue phone link`.',
};

/** What a phone's message in Slack says now; `linking` has the picture besides. */
export function phoneWords(phone: ShownPhone): string {
  const number = escapeMarkup(phone.number ?? 'The phone');
  switch (phone.state) {
    case 'linking':
      return phone.code === null ? 'WhatsApp Web is being opened; the code comes here in a moment.' : HOW_TO_SCAN;
    case 'linked':
      return phone.use === 'used'
        ? used(phone, number)
        : `*${number} is linked.* ${NOT_USED[phone.use]}${phone.use === 'put_away' ? ' `/rescue phone list` puts it to use.' : ''}`;
    case 'lost':
      return `*${number} has lost its connection.* It is tried again by itself. ${whileLost(phone)} If this lasts: is WhatsApp open on another computer, is the phone online?`;
    case 'logged_out':
      return `*${number} was unlinked*, on the phone or by WhatsApp. ${whatWaits(phone)} Link it again: \`/rescue phone link\`. If WhatsApp has blocked the number, the phone says so.`;
    case 'removed':
      if (phone.number === null) return 'The link was cancelled, and its code is worth nothing any more.';
      if (phone.reason === 'linked_anew') {
        return `*${number} was linked once more.* The new link stands for both; the phone may still list the old one: ${LOG_OUT}.`;
      }
      return `*${number} is no longer linked here.* ${whatWaits(phone)}${phone.reason === 'still_listed' ? ` It was not connected, so the phone still lists it: ${LOG_OUT}.` : ''}`;
    case 'expired':
      return 'Nobody scanned the code in time. Begin again: `/rescue phone link`';
    case 'refused':
      return REFUSED[phone.reason ?? ''] ?? 'The phone could not be linked. Try again: `/rescue phone link`';
  }
}

const used = ({ dailyLimit }: ShownPhone, number: string): string =>
  `*${number} is linked.* WhatsApp messages leave from it, and what customers write arrives here. At most ${dailyLimit ?? 0} messages leave today; it becomes more day by day. What you type on the phone itself counts as your answer: the assistant is silent then. Leave the phone switched on and online.`;

/** Of a phone that is linked: what customers write arrives, and nothing leaves. */
export const NOT_USED: Readonly<Record<Exclude<PhoneUsage, 'used'>, string>> = {
  asked:
    'Nothing leaves from it before a second person has agreed: `/rescue approvals`. What customers write to it arrives here already.',
  put_away: 'It is not among your senders, so nothing leaves from it. What customers write to it arrives here.',
};

const whileLost = ({ otherSenders }: ShownPhone): string =>
  otherSenders > 0
    ? 'Messages wait; after five minutes what is due goes by your other senders, where they reach the customer.'
    : 'Messages wait meanwhile.';

function whatWaits({ otherSenders, waiting }: ShownPhone): string {
  if (otherSenders > 0) return 'What waited for it goes by your other senders, where they reach the customer.';
  const held = waiting > 0 ? ` ${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'}.` : '';
  return `There is no other sender, so messages wait until a phone is linked.${held}`;
}
