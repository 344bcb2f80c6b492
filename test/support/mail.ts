import type { OutgoingMessage } from '../../src/messaging/port.ts';
import { createMailStandIn, type MailStandIn } from '../../src/sandbox/mail/index.ts';
import { createMail, type Mail, type MailOptions } from '../../src/vendors/mail/index.ts';

import type { World } from './world.ts';

export const MAIL_SENDER = 'hello@leads.example';
export const MAILBOX = 'anna@example.com';
export const MESSAGE_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

export interface TestMail {
  standIn: MailStandIn;
  connect(options?: Partial<MailOptions>): Mail;
  readonly smtpUrl: string;
  readonly imapUrl: string;
  stop(): Promise<void>;
}

/** A mail server of our own with as many clients as a test asks for. */
export async function startMail(): Promise<TestMail> {
  const standIn = createMailStandIn({ sender: MAIL_SENDER });
  const urls = await standIn.start();
  const clients: Mail[] = [];
  return {
    standIn,
    ...urls,
    connect(options = {}) {
      const mail = createMail({
        ...urls,
        from: MAIL_SENDER,
        timeoutMs: 2000,
        replyMs: 1000,
        machine: Date.now,
        ...options,
      });
      clients.push(mail);
      return mail;
    },
    async stop() {
      await Promise.all(clients.map((client) => client.close()));
      await standIn.stop();
    },
  };
}

/** A letter as the rooms hand it over. */
export function letter(changes: Partial<OutgoingMessage['mail'] & object> = {}, to = MAILBOX): OutgoingMessage {
  return {
    channel: 'email',
    to,
    from: MAIL_SENDER,
    body: 'Hej Anna!\n\nVälkommen tillbaka. Räksmörgås 👋\n.\nSlut',
    mail: {
      subject: 'Tack för att du provkörde BMW X5',
      html: '<p>Hej Anna!</p>',
      fromName: 'Nordic Motors, Göteborg',
      messageId: MESSAGE_ID,
      attempt: 1,
      references: [],
      unsubscribe: 'https://leads.example/o/token',
      ...changes,
    },
    statusCallback: '',
    validitySeconds: 900,
  };
}

/** Waits, in steps, until something is so. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 4000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Reads our mailbox once, as the product does when it is told of news. */
export async function postLetters(world: World): Promise<void> {
  const { mail, rooms } = world;
  if (!mail) throw new Error('this world has no mail');
  for (const each of await mail.vendor.letters(new Date(Date.now() - 60_000))) await rooms.post.letter(each);
}
