import type { ChannelName } from '../../messaging/port.ts';

/** The channels that Sinch carries for us. */
export type PhoneChannel = Exclude<ChannelName, 'email'>;

const NAMES = { sms: 'SMS', whatsapp: 'WHATSAPP' } as const;

/** Sinch's name of a channel. */
export const nameOf = (channel: PhoneChannel): (typeof NAMES)[PhoneChannel] => NAMES[channel];

/** Our name of one of Sinch's; nothing for those we do not speak (`RCS`, `MESSENGER` …). */
export function channelOf(name: string): PhoneChannel | undefined {
  return name === 'SMS' ? 'sms' : name === 'WHATSAPP' ? 'whatsapp' : undefined;
}

/** Sinch writes numbers without the plus sign. */
export const digitsOf = (number: string): string => number.replace(/^\+/, '');

/** The reverse; empty stays empty. */
export const numberOf = (digits: string): string => (digits === '' || digits.startsWith('+') ? digits : `+${digits}`);
