import type { DeliveryStatus } from '../../messaging/port.ts';
import { isHidden } from '../../people/index.ts';
import type { WebMessage } from './client.ts';

/** What people write; everything else is WhatsApp's own (calls, encryption notices, changes of groups). */
const WRITTEN = new Set([
  'chat',
  'image',
  'video',
  'ptt',
  'audio',
  'document',
  'sticker',
  'location',
  'vcard',
  'multi_vcard',
  'list_response',
  'buttons_response',
  'order',
  'product',
]);

/** What stands for a message that has no words and no file of its own. */
const IN_WORDS: Readonly<Record<string, string>> = {
  location: '(a location)',
  vcard: '(a contact)',
  multi_vcard: '(contacts)',
  order: '(an order)',
  product: '(a product)',
};

const USER = /^(\d{5,20})@(c\.us|s\.whatsapp\.net)$/;

/** The number behind a chat's id, E.164; null for what is no person's number. */
export function numberOf(chatId: string): string | null {
  const [, digits] = USER.exec(chatId) ?? [];
  return digits === undefined ? null : `+${digits}`;
}

/** The chat of an address: a number, or the hidden id of somebody whose number is not known. */
export const chatOf = (address: string): string => (isHidden(address) ? address : `${address.replace(/^\+/, '')}@c.us`);

/** A message between two people: no group, channel, status or notice. */
export function isPersonal(message: WebMessage): boolean {
  const chat = message.fromMe ? message.to : message.from;
  return !message.isStatus && WRITTEN.has(message.type) && (numberOf(chat) !== null || isHidden(chat));
}

/** What was written; of a file its caption. */
export function wordsOf(message: WebMessage): string {
  if (message.type === 'location' || message.type.endsWith('vcard')) return IN_WORDS[message.type] ?? '';
  return message.body || (message.hasMedia ? '' : (IN_WORDS[message.type] ?? ''));
}

/** Where a file is found again: the message's place in the phone's chats. */
export const mediaUrl = (sender: string, message: WebMessage): string =>
  `whatsapp-web:${sender}/${encodeURIComponent(message.id._serialized)}`;

export function readMediaUrl(url: string): { sender: string; messageId: string } | undefined {
  const [, sender, messageId] = /^whatsapp-web:(\+\d{6,15})\/([\w.%@-]+)$/.exec(url) ?? [];
  return sender === undefined || messageId === undefined
    ? undefined
    : { sender, messageId: decodeURIComponent(messageId) };
}

/** How far a message of ours got; nothing while it is still on the phone. */
export function statusOf(ack: number): DeliveryStatus | undefined {
  if (ack < 0) return 'failed';
  if (ack === 0) return undefined;
  return ack === 1 ? 'sent' : ack === 2 ? 'delivered' : 'read';
}

/**
 * The ids that a message taken back may have had: WhatsApp changes it in place, or puts a notice in its stead that names it.
 */
export const revokedIds = (message: WebMessage, revoked: WebMessage | null | undefined): string[] => [
  ...new Set([message.protocolMessageKey?.id, revoked?.id.id, message.id.id].filter((id) => id !== undefined)),
];
