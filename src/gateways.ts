import type { TwilioConfig } from './config.ts';
import type { InboundMessage } from './messaging/index.ts';
import type { Account } from './tenants/index.ts';
import { parseInbound } from './vendors/twilio/index.ts';

/*
 * What the composition root knows about the vendors of the channels: which senders the configuration names, where their
 * callbacks go, how their stored webhooks are read again.
 */

/** Messages a second: what Twilio gives a WhatsApp sender, and a careful figure for SMS (`/rescue channels rate`). */
const RATES = { whatsapp: 80, sms: 40 } as const;

/** The senders that the configuration names. */
export function accountsOf(twilio: TwilioConfig): Omit<Account, 'id'>[] {
  const account = (channel: 'sms' | 'whatsapp', sender: string | undefined) =>
    sender ? [{ vendor: 'twilio', channel, sender, gatewayAccount: twilio.accountSid, rate: RATES[channel] }] : [];
  return [...account('whatsapp', twilio.whatsappFrom), ...account('sms', twilio.smsFrom)];
}

/** Where a vendor reports delivery. */
export const statusPath = (account: Account): string => `/webhooks/${account.vendor}/status`;

/** Reads a stored inbound message again: as the webhook brought it, or as it was listed after a gap. */
export function readStored(source: string, raw: Record<string, string>): InboundMessage {
  return source === 'listed' ? (JSON.parse(raw.message ?? '') as InboundMessage) : parseInbound(raw);
}
