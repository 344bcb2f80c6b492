import type { ChannelName } from '../../messaging/port.ts';

/** The channels Twilio carries for us. */
export type PhoneChannel = Exclude<ChannelName, 'email'>;

const WHATSAPP = 'whatsapp:';

/** A bare number as Twilio wants it on this channel: `+1555…` or `whatsapp:+1555…`. Holds for `To` and `From`. */
export function senderOf(channel: PhoneChannel, number: string): string {
  return channel === 'whatsapp' ? WHATSAPP + number : number;
}

/** The reverse. Nothing for channels we do not know (`messenger:`, `rcs:` …). */
export function parseAddress(address: string): { channel: PhoneChannel; number: string } | undefined {
  if (address.startsWith(WHATSAPP)) return { channel: 'whatsapp', number: address.slice(WHATSAPP.length) };
  return address.includes(':') ? undefined : { channel: 'sms', number: address };
}
