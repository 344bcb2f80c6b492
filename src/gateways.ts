import type { MailConfig, SinchConfig, TwilioConfig } from './config.ts';
import type { InboundMessage } from './messaging/index.ts';
import type { Account } from './tenants/index.ts';
import { parseCallback } from './vendors/sinch/index.ts';
import { parseInbound } from './vendors/twilio/index.ts';

/*
 * What the composition root knows about the vendors of the channels: which senders the configuration names, where their
 * callbacks go, how their stored webhooks are read again.
 */

/** Messages a second: what WhatsApp gives a sender, and a careful figure for SMS (`/rescue channels rate`). */
const RATES = { whatsapp: 80, sms: 40 } as const;

/** The senders that the configuration names. */
export function accountsOf(twilio: TwilioConfig): Omit<Account, 'id'>[] {
  const account = (channel: 'sms' | 'whatsapp', sender: string | undefined) =>
    sender
      ? [
          {
            ...{ vendor: 'twilio', channel, sender, gatewayAccount: twilio.accountSid, rate: RATES[channel] },
            ...limitOf(channel, twilio),
          },
        ]
      : [];
  return [...account('whatsapp', twilio.whatsappFrom), ...account('sms', twilio.smsFrom)];
}

/** What the configuration says of WhatsApp's limit. */
const limitOf = (channel: Account['channel'], { newPeople }: Pick<TwilioConfig, 'newPeople'>) =>
  channel === 'whatsapp' && newPeople !== undefined ? { newPeopleLimit: newPeople } : {};

/** The senders of an app at Sinch: its own, whichever numbers they have, so the app's id stands for them. */
export const sinchAccountsOf = ({ appId, ...app }: Pick<SinchConfig, 'appId' | 'newPeople'>): Omit<Account, 'id'>[] =>
  (['whatsapp', 'sms'] as const).map((channel) => ({
    vendor: 'sinch',
    channel,
    sender: appId,
    gatewayAccount: appId,
    rate: RATES[channel],
    ...limitOf(channel, app),
  }));

/** Letters a second and a day that a mailbox may send without being taken for somebody who floods others. */
const MAIL_RATE = 5;
const MAIL_A_DAY = 5000;

/** The mailbox that the configuration names. */
export const mailAccountOf = ({ from }: Pick<MailConfig, 'from'>): Omit<Account, 'id'> => ({
  vendor: 'mail',
  channel: 'email',
  sender: from,
  gatewayAccount: `mail:${from}`,
  rate: MAIL_RATE,
  dailyLimit: MAIL_A_DAY,
});

/** Where a vendor reports delivery. */
export const statusPath = ({ vendor }: Pick<Account, 'vendor'>): string =>
  vendor === 'sinch' ? '/webhooks/sinch' : `/webhooks/${vendor}/status`;

/** The source of messages that came by e-mail. */
export const MAIL_INBOUND = 'mail.inbound';

/** The source of messages that came by Sinch. */
export const SINCH_CALLBACK = 'sinch.callback';

/** Reads a stored inbound message again: as the webhook brought it, or as it was listed after a gap. */
export function readStored(source: string, raw: Record<string, string>): InboundMessage {
  if (source === SINCH_CALLBACK) {
    const callback = parseCallback(raw.payload ?? '');
    if (callback.kind !== 'message') throw new Error('a stored callback is no message');
    return callback.message;
  }
  return source === 'listed' || source === MAIL_INBOUND
    ? (JSON.parse(raw.message ?? '') as InboundMessage)
    : parseInbound(raw);
}
