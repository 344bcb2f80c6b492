/** E-mail: letters out by SMTP, answers and reports in by IMAP. The only room that knows mail servers. */
import { KnownError } from '../../lib/errors.ts';
import type { Gateway, InboundMessage, Letter } from '../../messaging/port.ts';
import type { Find } from '../hooks/guard.ts';
import { createConnections, type NotSent } from './connections.ts';
import { attemptWord, domainOf, letterId } from './letter-id.ts';
import { createMailbox } from './mailbox.ts';
import { namingHeaders } from './naming.ts';
import { NOT_PUBLIC, readServer } from './server.ts';
import { type DkimKey, writeLetter } from './write.ts';

export { createSns, readReport, type Sns } from './reports/index.ts';

export interface MailOptions {
  /** `smtp://` begins with STARTTLS except on this machine, `smtps://` with TLS. */
  smtpUrl: string;
  /** `imap://`, `imaps://`; without it answers and bounces are not read. */
  imapUrl?: string | undefined;
  /** The sender's mailbox. */
  from: string;
  /** What its letters name as the account that they came to; left out, the mailbox. */
  account?: string;
  dkim?: DkimKey | undefined;
  /** Bounds each step of connecting. */
  timeoutMs?: number;
  /** Bounds the wait for the server's word on a letter that was handed over. */
  replyMs?: number;
  /** Letters on their way at once. */
  connections?: number;
  machine: () => number;
  /** Finds the servers; left out, they may be anywhere. */
  find?: Find;
  /** Business time: what stands in the letters. */
  now?: () => Date;
}

export interface Mail extends Gateway {
  /** What the mailbox holds since an instant (machine clock), oldest first. Throws when it cannot be read. */
  letters(since: Date): Promise<Letter[]>;
  /** Calls `onLetter` with each new letter until it has not thrown. */
  watch(onLetter: (letter: Letter) => Promise<void>, onTrouble: (error: unknown) => void): void;
  /** Signs in to the server that takes letters. Throws `misconfigured` when that cannot be done. */
  tryAccess(): Promise<void>;
  close(): Promise<void>;
}

/** SMTP has no bulk; a few lines carry thousands of letters an hour, and most servers allow no more. */
const CONNECTIONS = 8;

export function createMail(options: MailOptions): Mail {
  const { from, machine, timeoutMs = 5000, replyMs = 20_000, now = () => new Date() } = options;
  const smtp = readServer(options.smtpUrl);
  const imap = options.imapUrl === undefined ? undefined : readServer(options.imapUrl);
  const size = options.connections ?? CONNECTIONS;
  const connections = createConnections(smtp, { size, replyMs, name: domainOf(from), machine, find: options.find });
  const reading = { mailbox: from, accountName: options.account ?? `mail:${from}` };
  const mailbox = imap && createMailbox(imap, reading, { timeoutMs, machine, find: options.find });

  const letters = async (since: Date) => (await mailbox?.since(since)) ?? [];

  return {
    capabilities: { pulls: true, listsMessages: false, confirmsStop: () => false },
    async send(message, deadline) {
      const { mail, to } = message;
      if (message.channel !== 'email' || !mail) return { kind: 'refused', reason: 'sender', code: 'no_such_channel' };
      const { messageId, attempt } = mail;
      try {
        const naming = namingHeaders(smtp.host, attemptWord(messageId, attempt));
        const raw = await writeLetter(message, now(), naming, options.dkim);
        const handed = await connections.send({ from, to, raw, envelopeId: attemptWord(messageId, attempt) }, deadline);
        return handed.kind === 'accepted' ? { ...handed, gatewayId: letterId(messageId, attempt, from) } : handed;
      } catch {
        return { kind: 'refused', reason: 'content', code: 'cannot_be_written' };
      }
    },
    findSent: async () => {
      throw new KnownError('unavailable', 'SMTP keeps no list', 'A mail server keeps no list of what it sent.');
    },
    letters,
    async listInbound({ since }) {
      const found = await letters(since);
      return found.flatMap((letter): InboundMessage[] => (letter.kind === 'message' ? [letter.message] : []));
    },
    fetchMedia(url, maxBytes) {
      if (!mailbox) throw new KnownError('not_found', 'no mailbox', 'The mailbox is not connected.');
      return mailbox.attachment(url, maxBytes);
    },
    watch: (onLetter, onTrouble) => mailbox?.watch(onLetter, onTrouble),
    async tryAccess() {
      const failure = await connections.tryOnce(machine() + timeoutMs);
      if (failure) throw noSending(failure);
    },
    async close() {
      connections.close();
      await mailbox?.close();
    },
  };
}

function noSending(failure: NotSent): KnownError {
  const isRefused = failure.kind === 'refused';
  const message = !isRefused
    ? 'The server for sending could not be reached. Check its name and port.'
    : failure.code === 'no_tls'
      ? 'The server for sending offers no encryption that holds.'
      : failure.code === 'address_forbidden'
        ? NOT_PUBLIC
        : 'The server for sending does not accept this user and password.';
  const problems = [{ field: 'smtpUrl', message }];
  return new KnownError('misconfigured', `SMTP: ${isRefused ? failure.code : failure.kind}`, message, { problems });
}
