import { createHash } from 'node:crypto';
import type { AddressObject, ParsedMail } from 'mailparser';
import type { Letter } from '../../messaging/port.ts';
import { attemptIn } from './letter-id.ts';
import { reasonOfStatus } from './outcome.ts';
import { parseLetter } from './parse-letter.ts';

/** Whose mailbox it is, and where its letters' attachments are found again. */
export interface Reading {
  /** Our sender. */
  mailbox: string;
  accountName: string;
  /** Names this letter inside the mailbox, for its attachments. */
  place: string;
  /** When it came to the mailbox; absent where the server does not say. */
  cameAt?: Date | undefined;
}

/** Attachments that people look at or listen to; the rest stays in the mailbox. */
const MEDIA = /^(image|audio|video)\//;
const MAX_MEDIA = 10;
const MAX_WORDS = 100_000;
/** As long as an address can be (RFC 5321, 4.5.3.1), and longer than any id that a mail program makes. */
const MAX_ADDRESS = 320;
const MAX_ID = 500;
const MAX_REFERENCES = 100;

/** Understands a letter as it stands in a mailbox. Never throws for what a stranger may write. */
export async function readLetter(raw: Buffer, reading: Reading): Promise<Letter> {
  const mail = await parseLetter(raw);
  if (!mail) return { kind: 'unreadable', id: digestOf(raw), account: reading.accountName, place: reading.place };
  const from = sender(mail.from);
  const type = headerParams(mail, 'content-type');
  const report = type.value === 'multipart/report' ? type.params['report-type']?.toLowerCase() : undefined;
  const text = raw.toString('latin1');
  if (report === 'delivery-status' || (report === undefined && isMailServer(mail, from?.address))) {
    return bounceIn(text) ?? { kind: 'other' };
  }
  if (report === 'feedback-report') {
    const ours = attemptIn(text);
    return ours ? { kind: 'complaint', messageId: ours.messageId } : { kind: 'other' };
  }
  // a read receipt, or our own letter coming round
  if (report !== undefined || !from || from.address === reading.mailbox) return { kind: 'other' };

  const references = [...new Set([mail.references ?? [], mail.inReplyTo ?? []].flat())]
    .filter((each) => each.length <= MAX_ID)
    .slice(-MAX_REFERENCES);
  const answers = attemptIn([mail.inReplyTo ?? '', ...references.toReversed()].join(' '));
  const automatic = machineHeader(mail);
  const id = idOf(mail) ?? digestOf(raw);
  return {
    kind: 'message',
    message: {
      gatewayId: id,
      accountSid: reading.accountName,
      channel: 'email',
      from: from.address,
      to: reading.mailbox,
      ...(reading.cameAt && { cameAt: reading.cameAt }),
      body: withoutNul(mail.text ?? '').slice(0, MAX_WORDS),
      media: mail.attachments
        .flatMap(({ contentType }, index) => (MEDIA.test(contentType) ? [{ index, contentType }] : []))
        .slice(0, MAX_MEDIA)
        .map(({ index, contentType }) => ({ url: `${reading.place}/${index}`, contentType: withoutNul(contentType) })),
      ...(from.name && { profileName: from.name }),
      letter: {
        id,
        references,
        subject: withoutNul(mail.subject ?? '')
          .replace(/\s+/g, ' ')
          .trim()
          .slice(0, 250),
        ...(answers && { answers }),
        ...(automatic && { automatic }),
      },
    },
  };
}

/** No column of text takes one. */
const withoutNul = (text: string) => text.replaceAll('\0', '');

/** A letter without an id of its own is known by its bytes. */
const digestOf = (raw: Buffer) => `<${createHash('sha256').update(raw).digest('hex')}>`;

function idOf({ messageId }: ParsedMail): string | undefined {
  const id = withoutNul(messageId ?? '');
  return id !== '' && id.length <= MAX_ID ? id : undefined;
}

function sender(from: AddressObject | undefined): { address: string; name: string } | undefined {
  const [first] = from?.value ?? [];
  const address = withoutNul(first?.address ?? '')
    .trim()
    .toLowerCase();
  if (address.length > MAX_ADDRESS || !/^[^\s@<>]+@[^\s@<>]+$/.test(address)) return undefined;
  return { address, name: withoutNul(first?.name ?? '').trim() };
}

/** Which header says that a machine wrote it, beyond doubt; undefined for people (RFC 3834, and what came before it). */
function machineHeader(mail: ParsedMail): string | undefined {
  const value = (name: string) => String(headerParams(mail, name).value).toLowerCase();
  if (mail.headers.has('auto-submitted') && value('auto-submitted') !== 'no') return 'auto_submitted';
  if (/^(bulk|junk|list|auto[-_]?reply)$/.test(value('precedence'))) return 'precedence';
  if (['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => mail.headers.has(name))) return 'auto_reply';
  if (mail.headers.has('list')) return 'mailing_list';
  return undefined;
}

function isMailServer(mail: ParsedMail, from: string | undefined): boolean {
  const returnPath = mail.headers.get('return-path');
  const isNull = typeof returnPath === 'object' && 'text' in returnPath && returnPath.text === '';
  return isNull || from === undefined || /^(mailer-daemon|postmaster)@/.test(from);
}

function headerParams(mail: ParsedMail, name: string): { value: string; params: Record<string, string> } {
  const header = mail.headers.get(name);
  if (typeof header === 'string') return { value: header.trim().toLowerCase(), params: {} };
  if (header && typeof header === 'object' && 'params' in header) {
    return { value: header.value.toLowerCase(), params: header.params as Record<string, string> };
  }
  return { value: '', params: {} };
}

/**
 * A report that one of our letters did not arrive (RFC 3464), also as older servers write it. A delay is none: the server
 * goes on trying, and reports again when it gives up.
 */
function bounceIn(text: string): Letter | undefined {
  const ours = attemptIn(text);
  if (!ours) return undefined;
  const action = /^Action:\s*(\w+)/im.exec(text)?.[1]?.toLowerCase();
  if (action !== undefined && action !== 'failed') return { kind: 'other' };
  const status =
    /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(text)?.[1] ?? /\b([45]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1];
  // the server has given up: what it calls temporary is tried again later, by us
  const reason = status === undefined ? 'unknown' : status.startsWith('4') ? 'delayed' : reasonOfStatus(status);
  const { messageId, attempt, id: gatewayId } = ours;
  return {
    kind: 'bounce',
    report: { messageId, attempt, gatewayId, status: 'failed', failure: { reason, code: status ?? 'bounced' } },
  };
}
