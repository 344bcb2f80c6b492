/** A local mail server: real SMTP and IMAP, customers who can be played, and faults on demand. */
import { randomUUID } from 'node:crypto';
import { simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { createImap } from './imap.ts';
import { createSmtp } from './smtp.ts';
import type { MailFaults, StandInLetter } from './types.ts';

export type { MailFaults, StandInLetter } from './types.ts';

/** What a customer writes. */
export interface CustomerLetter {
  /** The customer's mailbox. */
  from: string;
  name?: string;
  text: string;
  subject?: string;
  /** The letter that it answers: its subject and ids are taken from there, and its words are quoted below. */
  answers?: StandInLetter;
  /** Beside those of every letter, for example `Auto-Submitted`. */
  headers?: Record<string, string>;
  attachments?: { name: string; contentType: string; content: Buffer }[];
}

export interface MailStandIn {
  start(): Promise<{ smtpUrl: string; imapUrl: string }>;
  stop(): Promise<void>;
  /** The business's mailbox. */
  readonly sender: string;
  /** How often the mailbox was asked with another password. */
  readonly logins: { readonly refused: number };
  /** All letters in the order in which they came. */
  readonly letters: readonly StandInLetter[];
  /** Of everybody, and of one mailbox; `undefined` takes a fault away. */
  setFaults(faults: MailFaults): void;
  setFaultsFor(mailbox: string, faults: MailFaults): void;
  /** A customer writes to the business. */
  customerWrites(letter: CustomerLetter): Promise<StandInLetter>;
  /** The customer's mail server reports that it could not deliver (RFC 3464). */
  bounce(letter: StandInLetter, status: string, action?: 'failed' | 'delayed'): void;
  /** The customer pressed "this is spam", and their provider says so (RFC 5965). */
  complain(letter: StandInLetter): void;
  /** Calls the listener with each new or changed letter until the returned function is called. */
  subscribe(listener: (letter: StandInLetter) => void): () => void;
}

export function createMailStandIn(options: {
  sender: string;
  /** Business time: inboxes show it. */
  now?: () => Date;
  machine?: () => number;
}): MailStandIn {
  const { sender, now = () => new Date(), machine = Date.now } = options;
  const account = { user: sender, password: randomUUID() };
  const letters: StandInLetter[] = [];
  const listeners = new Set<(letter: StandInLetter) => void>();
  const faultsFor = new Map<string, MailFaults>();
  let faults: MailFaults = {};
  const faultsOf = (mailbox: string): MailFaults => ({ ...faults, ...faultsFor.get(mailbox.toLowerCase()) });

  const imap = createImap(account);
  const smtp = createSmtp({ ...account, faultsOf, onLetter: take });

  async function keep(raw: Buffer, direction: 'in' | 'out', mailbox: string, typed?: string): Promise<StandInLetter> {
    const mail = await simpleParser(raw);
    const letter: StandInLetter = {
      id: randomUUID(),
      direction,
      mailbox: mailbox.toLowerCase(),
      subject: mail.subject ?? '',
      text: typed ?? (mail.text ?? '').trim(),
      html: mail.html || null,
      messageId: mail.messageId ?? '',
      references: [...new Set([mail.references ?? [], mail.inReplyTo ?? []].flat())],
      headers: new Map(
        mail.headerLines.map(({ key, line }) => [
          key,
          line
            .slice(key.length + 1)
            .replace(/\r?\n\s*/g, ' ')
            .trim(),
        ]),
      ),
      attachments: mail.attachments.map(({ filename, contentType, content }) => ({
        name: filename ?? 'attachment',
        contentType,
        content,
      })),
      raw,
      at: machine(),
      shownAt: now().getTime(),
      bounced: false,
    };
    letters.push(letter);
    tell(letter);
    return letter;
  }

  function tell(letter: StandInLetter): void {
    for (const listener of listeners) listener(letter);
  }

  async function take(raw: Buffer, to: string): Promise<void> {
    const letter = await keep(raw, 'in', to);
    const { bounceWith } = faultsOf(to);
    if (bounceWith !== undefined) bounce(letter, bounceWith);
  }

  function bounce(letter: StandInLetter, status: string, action: 'failed' | 'delayed' = 'failed'): void {
    if (action === 'failed') {
      letter.bounced = true;
      tell(letter);
    }
    report('delivery-status', 'mailer-daemon', letter, [
      'Reporting-MTA: dns; mx.stand-in.localhost',
      '',
      `Final-Recipient: rfc822; ${letter.mailbox}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${status.startsWith('5') ? 550 : 450} ${status} so it is`,
    ]);
  }

  /** A machine's letter in three parts: words, what a program reads, and the head of ours. */
  function report(
    kind: 'delivery-status' | 'feedback-report',
    from: string,
    letter: StandInLetter,
    fields: string[],
  ): void {
    const mark = `part-${randomUUID()}`;
    const head = letter.raw.toString('latin1').split('\r\n\r\n')[0] ?? '';
    const lines = [
      'Return-Path: <>',
      `From: ${from}@stand-in.localhost`,
      `To: ${sender}`,
      'Subject: About your letter',
      `Date: ${new Date(machine()).toUTCString()}`,
      `Message-ID: <${randomUUID()}@stand-in.localhost>`,
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      `Content-Type: multipart/report; report-type=${kind}; boundary="${mark}"`,
      ...['', `--${mark}`, 'Content-Type: text/plain; charset=utf-8', '', 'A program wrote this.'],
      ...['', `--${mark}`, `Content-Type: message/${kind}`, '', ...fields],
      ...['', `--${mark}`, 'Content-Type: text/rfc822-headers', '', head],
      ...['', `--${mark}--`, ''],
    ];
    imap.add(Buffer.from(lines.join('\r\n'), 'latin1'), new Date(machine()));
  }

  return {
    sender,
    logins: imap,
    letters,
    async start() {
      const [smtpPort, imapPort] = await Promise.all([smtp.start(), imap.start()]);
      const login = `${encodeURIComponent(account.user)}:${account.password}@127.0.0.1`;
      return { smtpUrl: `smtp://${login}:${smtpPort}`, imapUrl: `imap://${login}:${imapPort}` };
    },
    async stop() {
      await Promise.all([smtp.stop(), imap.stop()]);
    },
    setFaults(wanted) {
      faults = { ...faults, ...wanted };
    },
    setFaultsFor(mailbox, wanted) {
      faultsFor.set(mailbox.toLowerCase(), { ...faultsFor.get(mailbox.toLowerCase()), ...wanted });
    },
    async customerWrites({ from, name, text, subject, answers, headers, attachments }) {
      const quoted = answers && `\n\nOn Monday, the business wrote:\n${answers.text.replace(/^/gm, '> ')}`;
      const raw = await new MailComposer({
        from: name ? { name, address: from } : from,
        to: sender,
        subject: subject ?? (answers ? `Re: ${answers.subject.replace(/^Re: /i, '')}` : ''),
        text: text + (quoted ?? ''),
        ...(answers && { inReplyTo: answers.messageId, references: [...answers.references, answers.messageId] }),
        ...(headers && { headers }),
        date: new Date(machine()),
        ...(attachments && {
          attachments: attachments.map(({ name: filename, ...rest }) => ({ filename, ...rest })),
        }),
      })
        .compile()
        .build();
      const letter = await keep(raw, 'out', from, text);
      imap.add(raw, new Date(machine()));
      return letter;
    },
    bounce,
    complain: (letter) =>
      report('feedback-report', 'complaints', letter, ['Feedback-Type: abuse', 'Version: 1', 'User-Agent: stand-in/1']),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
