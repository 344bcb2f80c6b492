import type { WritableJournal } from './journal.ts';
import type { CustomerMedia, MediaShelf } from './media.ts';
import type { Poster } from './post.ts';
import type { Store, Windows } from './store.ts';
import type { Account, StandInChannel, StandInMessage } from './types.ts';
import { API_VERSION, addressOf, newSid } from './wire.ts';

export interface CustomerMessage {
  /** The customer's number, bare E.164. */
  from: string;
  /** Our sender, bare E.164. */
  to: string;
  channel: StandInChannel;
  body: string;
  profileName?: string;
  media?: readonly CustomerMedia[];
}

/** What the application answered; status 0 when it could not be reached. */
export interface InboundAnswer {
  sid: string;
  status: number;
  body: string;
}

export interface CustomerDeps {
  account: Account;
  store: Store;
  windows: Windows;
  media: MediaShelf;
  journal: WritableJournal;
  poster: Poster;
  inboundUrl: () => string;
  machine: () => number;
  /** Business time. */
  now: () => Date;
}

// Twilio's default keywords for SMS: a single word, in any case. REVOKE and OPTOUT since May 2025.
const STOP = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const START = new Set(['START', 'YES', 'UNSTOP']);
const HELP = new Set(['HELP', 'INFO']);

/** Customers writing to our senders: keywords handled as Twilio handles them, then the signed inbound webhook. */
export function createCustomers(deps: CustomerDeps) {
  const { store, windows, journal } = deps;

  function keep(
    direction: StandInMessage['direction'],
    fields: Pick<StandInMessage, 'channel' | 'from' | 'to' | 'body'>,
    numMedia = 0,
  ): StandInMessage {
    const at = deps.machine();
    const message: StandInMessage = {
      ...fields,
      sid: newSid(numMedia > 0 ? 'MM' : 'SM'),
      direction,
      at,
      shownAt: deps.now().getTime(),
      messagingServiceSid: null,
      contentSid: null,
      statusCallback: null,
      numMedia,
      status: direction === 'inbound' ? 'received' : 'sent',
      errorCode: null,
      sentAt: at,
    };
    store.add(message);
    return message;
  }

  /** Twilio's own doing on SMS: it blocks or unblocks the pair and answers the keyword. */
  function handleKeyword({ from: customer, to: sender, body }: CustomerMessage): void {
    const word = body.trim().toUpperCase();
    if (STOP.has(word)) store.blocked.add(sender, customer);
    else if (START.has(word)) store.blocked.delete(sender, customer);
    else if (!HELP.has(word)) return;
    const reply = STOP.has(word)
      ? 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.'
      : START.has(word)
        ? 'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe.'
        : 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.';
    const message = keep('outbound-reply', { channel: 'sms', from: sender, to: customer, body: reply });
    journal.record({ kind: 'auto_reply', message });
  }

  return {
    /** The customer writes. The message is in Twilio's list whether or not the application can be reached. */
    async sends(message: CustomerMessage): Promise<InboundAnswer> {
      const media = message.media ?? [];
      const { channel, from, to, body } = message;
      const kept = keep('inbound', { channel, from, to, body }, media.length);
      if (channel === 'whatsapp') windows.open(to, from, kept.shownAt);
      else handleKeyword(message);
      journal.record({ kind: 'inbound', message: kept });

      const result = await deps.poster.post(
        deps.inboundUrl(),
        inboundForm(kept, message, deps.account, deps.media.keep(kept.sid, media)),
      );
      if (result.kind !== 'reply') return { sid: kept.sid, status: 0, body: result.detail };
      for (const text of repliesIn(result.body, result.headers['content-type'])) {
        const reply = keep('outbound-reply', { channel, from: to, to: from, body: text });
        journal.record({ kind: 'sent', message: reply });
      }
      return { sid: kept.sid, status: result.status, body: result.body };
    },
  };
}

/** Texts in a webhook's answer that Twilio sends to the customer: TwiML messages, and any plain text whatsoever. */
function repliesIn(body: string, contentType = ''): string[] {
  if (contentType.startsWith('text/plain')) return body ? [body] : [];
  return [...body.matchAll(/<Message[^>]*>([\s\S]*?)<\/Message>/g)].map(([, text = '']) => text);
}

function inboundForm(
  kept: StandInMessage,
  message: CustomerMessage,
  account: Account,
  media: Record<string, string>,
): Record<string, string> {
  const { sid, channel } = kept;
  const place = { FromCity: '', FromState: '', FromZip: '', FromCountry: '', ToCity: '', ToState: '', ToZip: '' };
  return {
    ToCountry: '',
    SmsMessageSid: sid,
    NumMedia: String(kept.numMedia),
    SmsSid: sid,
    SmsStatus: 'received',
    Body: kept.body,
    To: addressOf(channel, kept.to),
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: account.accountSid,
    From: addressOf(channel, kept.from),
    ApiVersion: API_VERSION,
    ...(channel === 'whatsapp'
      ? { ProfileName: message.profileName ?? '', WaId: kept.from.slice(1), MessageType: 'text' }
      : place),
    ...media,
  };
}
