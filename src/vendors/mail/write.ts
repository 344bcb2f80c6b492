import DKIM from 'nodemailer/lib/dkim';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMessage } from '../../messaging/port.ts';
import { letterId } from './letter-id.ts';

/** Signs letters for a domain (RFC 6376). */
export interface DkimKey {
  domain: string;
  selector: string;
  /** PEM. */
  privateKey: string;
}

/** What the signature covers: RFC 8058 asks for both headers of the unsubscribe button. */
const SIGNED = [
  ...['From', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'MIME-Version', 'Content-Type', 'In-Reply-To'],
  ...['References', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Auto-Submitted'],
].join(':');

/**
 * A message as it stands on the wire: text first, then the same words as HTML, then the appointment where there is one. `naming`:
 * headers for the provider alone.
 */
export async function writeLetter(
  message: OutgoingMessage,
  date: Date,
  naming: Readonly<Record<string, string>> = {},
  dkim?: DkimKey,
): Promise<Buffer> {
  const { mail, from, to, body } = message;
  if (!mail) throw new Error('not an e-mail');
  const previous = mail.references.at(-1);
  const composer = new MailComposer({
    from: { name: mail.fromName, address: from },
    to,
    subject: mail.subject,
    text: body,
    html: mail.html,
    date,
    messageId: letterId(mail.messageId, mail.attempt, from),
    ...(previous && { inReplyTo: previous, references: [...mail.references] }),
    headers: {
      ...naming,
      ...(mail.unsubscribe && {
        'List-Unsubscribe': `<${mail.unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Auto-Submitted': 'auto-generated',
      }),
    },
    ...(mail.calendar && {
      icalEvent: { filename: 'appointment.ics', method: 'PUBLISH', content: mail.calendar },
    }),
    // nothing is fetched or read for what a person has typed
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const letter = await composer.compile().build();
  if (!dkim) return letter;
  const { domain: domainName, selector: keySelector, privateKey } = dkim;
  const signer = new DKIM({ domainName, keySelector, privateKey, headerFieldNames: SIGNED });
  const chunks: Buffer[] = [];
  for await (const chunk of signer.sign(letter)) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
