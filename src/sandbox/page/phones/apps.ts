import type { Customer, Scene, Text, TextChannel } from '../../wire.ts';
import type { Entry } from '../state/store.ts';

/* What stands on a phone. Pure. */

const ORDER: readonly TextChannel[] = ['whatsapp', 'sms', 'email'];

export const APP_NAMES: Record<TextChannel, string> = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'E-mail' };

/** Apps worth a tab: those by which customer and business can reach each other, and those that hold something. */
export function appsOf(
  texts: readonly Entry<'text'>[],
  senders: Scene['senders'],
  customer: Pick<Customer, 'number' | 'email'>,
): TextChannel[] {
  const has = (app: TextChannel) => (app === 'email' ? customer.email !== null : customer.number.startsWith('+'));
  return ORDER.filter(
    (app) => (senders[app] !== undefined && has(app)) || texts.some(({ value }) => value.channel === app),
  );
}

/** Of one phone, in order: what came with the first patch by time, the rest as it arrived. */
export function textsOn(texts: readonly Entry<'text'>[], number: string): Entry<'text'>[] {
  const own = texts.filter(({ value }) => value.number === number);
  return own.sort((a, b) => a.arrived - b.arrived || a.value.at.localeCompare(b.value.at));
}

/** A customer's name, or their number where the business knows none. */
export const customerName = (customer: Customer, number: (e164: string) => string): string =>
  customer.name ?? number(customer.number);

const CODES: Record<number, string> = {
  21211: 'the number does not exist',
  21408: 'the sender may not write to that country',
  21610: 'the customer blocks the business',
  21614: 'the number cannot receive SMS',
  30003: 'the phone cannot be reached',
  30005: 'nobody knows this number',
  30006: 'it is a landline',
  30007: 'the carrier filtered it',
  30008: 'nobody knows why',
  63003: 'the number is not on WhatsApp',
  63016: 'the 24-hour window is closed and it used no template',
  63024: 'WhatsApp does not know this number',
  63032: 'WhatsApp limits how often this person is written to',
};

/** Why it did not arrive, in words with the gateway's code. */
export function failureWords(code: number | null): string {
  if (code === null) return 'no code was given';
  const words = CODES[code];
  return words ? `${words} (code ${code})` : `gateway error ${code}`;
}

/** How far a text of the business has come, in a word. */
export function statusWords(text: Text): string {
  switch (text.status) {
    case 'queued':
      return 'On its way';
    case 'sent':
      return 'Sent, not yet delivered';
    case 'delivered':
      return text.channel === 'email' ? 'Arrived' : 'Delivered';
    case 'read':
      return 'Read';
    case 'undelivered':
    case 'failed':
      return `Never arrived: ${failureWords(text.errorCode)}`;
    case 'received':
      return 'Received';
  }
}
