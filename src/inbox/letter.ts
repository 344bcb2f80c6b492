import { bareSubject, type InboundMessage } from '../messaging/index.ts';
import { understand, withoutQuoted } from '../people/index.ts';

/** What a mail program puts above a signature (RFC 3676, 4.3). */
const SIGNATURE = /^-- ?$/m;

/**
 * A letter as a message: what the customer wrote this time, without what they quote and how they sign. The subject belongs
 * to it where it begins a conversation, where nothing else is said, and where it says that they want no more. Pure.
 */
export function wordsOfLetter(message: InboundMessage): InboundMessage {
  const { letter, body } = message;
  if (!letter) return message;
  const own = withoutQuoted(body);
  const signed = own.search(SIGNATURE);
  const words = (signed > 0 ? own.slice(0, signed) : own).replace(/\n{3,}/g, '\n\n').trim();
  const subject = bareSubject(letter.subject);
  const begins = letter.references.length === 0 && subject === letter.subject.trim();
  const says = begins || words === '' || understand(subject).kind === 'opt_out';
  return { ...message, body: says && subject !== '' ? [subject, words].filter(Boolean).join('\n\n') : words };
}
