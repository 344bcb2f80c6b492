/*
 * A letter's id is made of our message and attempt, so that whatever names it (an answer, a bounce, a complaint, a provider's
 * report) proves that this attempt left. Message ids are too long to be guessed.
 */

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const OURS = new RegExp(`\\blr\\.(${UUID})\\.(\\d{1,4})(@[\\w.-]+)?`, 'i');

/** The word that stands for an attempt: before the `@` of a letter's id, and as the id of its envelope (RFC 3461). */
export const attemptWord = (messageId: string, attempt: number): string => `lr.${messageId}.${attempt}`;

/** A letter's id in angle brackets, under the sender's own domain. */
export const letterId = (messageId: string, attempt: number, sender: string): string =>
  `<${attemptWord(messageId, attempt)}@${domainOf(sender)}>`;

/** The first attempt of ours that a text names, with the letter's id. */
export function attemptIn(text: string): { messageId: string; attempt: number; id: string } | undefined {
  const [word, messageId, attempt] = OURS.exec(text) ?? [];
  return messageId && attempt
    ? { messageId: messageId.toLowerCase(), attempt: Number(attempt), id: `<${word}>` }
    : undefined;
}

/** What stands behind the `@`. */
export const domainOf = (mailbox: string): string => mailbox.slice(mailbox.lastIndexOf('@') + 1);
