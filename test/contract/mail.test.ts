import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Letter } from '../../src/messaging/port.ts';
import type { Mail } from '../../src/vendors/mail/index.ts';
import { refusal } from '../../src/vendors/mail/outcome.ts';
import { readLetter } from '../../src/vendors/mail/read.ts';
import { letter, MAIL_SENDER, MAILBOX, MESSAGE_ID, startMail, type TestMail, until } from '../support/mail.ts';

let service: TestMail;
let mail: Mail;
let count: number;

beforeAll(async () => {
  service = await startMail();
  mail = service.connect();
});
afterAll(() => service.stop());
beforeEach(() => {
  count = service.standIn.letters.length;
});

const soon = () => Date.now() + 2000;
const arrived = () => service.standIn.letters.slice(count).filter(({ direction }) => direction === 'in');
const reading = { mailbox: MAIL_SENDER, accountName: 'mail', place: 'imap:1/1' };

describe('a letter that the server takes', () => {
  test('is accepted under an id of ours, and arrives as it was given', async () => {
    const outcome = await mail.send(letter({ references: ['<first@x>', '<second@x>'] }), soon());

    expect(outcome).toEqual({ kind: 'accepted', gatewayId: `<lr.${MESSAGE_ID}.1@leads.example>` });
    const [got] = arrived();
    expect(got).toMatchObject({
      mailbox: MAILBOX,
      subject: 'Tack för att du provkörde BMW X5',
      text: letter().body,
      messageId: `<lr.${MESSAGE_ID}.1@leads.example>`,
      references: ['<first@x>', '<second@x>'],
    });
    expect(got?.headers.get('in-reply-to')).toBe('<second@x>');
    expect(got?.headers.get('from')).toContain(MAIL_SENDER);
  });

  test('has the text before the HTML, and the button that stops everything', async () => {
    await mail.send(letter(), soon());
    const [got] = arrived();
    const raw = got?.raw.toString() ?? '';
    expect(raw.indexOf('text/plain')).toBeGreaterThan(0);
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'));
    expect(got?.headers.get('list-unsubscribe')).toBe('<https://leads.example/o/token>');
    expect(got?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  });

  test('by a person has no such button', async () => {
    const { unsubscribe: _, ...own } = letter().mail ?? { unsubscribe: '' };
    await mail.send({ ...letter(), mail: own as NonNullable<ReturnType<typeof letter>['mail']> }, soon());
    expect(arrived()[0]?.headers.has('list-unsubscribe')).toBe(false);
  });

  test('is signed for its domain, both headers of the button included (COMPLIANCE T5.4)', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const signing = service.connect({ dkim: { domain: 'leads.example', selector: 'mail', privateKey: key } });
    await signing.send(letter(), soon());
    const signature = arrived()[0]?.headers.get('dkim-signature')?.toLowerCase() ?? '';
    expect(signature).toContain('d=leads.example');
    const signed = /[;\s]h=([^;]+)/.exec(signature)?.[1]?.replace(/\s/g, '').split(':') ?? [];
    expect(signed).toEqual(expect.arrayContaining(['from', 'list-unsubscribe', 'list-unsubscribe-post', 'message-id']));
  });

  test('carries an appointment as a calendar entry', async () => {
    await mail.send(letter({ calendar: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' }), soon());
    expect(arrived()[0]?.attachments.map(({ contentType }) => contentType)).toContain('text/calendar');
  });

  test('waits behind no more letters than there are lines, and each arrives once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) => mail.send(letter({ attempt: i + 1 }), Date.now() + 15_000)),
    );
    expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(new Set(arrived().map(({ messageId }) => messageId)).size).toBe(40);
  });
});

describe('a letter that is refused', () => {
  test.each([
    [{ refuseRecipient: '550 5.1.1 No such user' }, 'unreachable', '5.1.1'],
    [{ refuseRecipient: '450 4.7.1 Greylisted, come back' }, 'later', '4.7.1'],
    [{ refuseRecipient: '552 5.2.2 Mailbox is full' }, 'delayed', '5.2.2'],
    [{ refuseLetter: '554 5.6.0 We do not like these words' }, 'content', '5.6.0'],
    [{ refuseLetter: '451 4.3.0 Try again' }, 'later', '4.3.0'],
  ] as const)('%j means %s', async (faults, reason, code) => {
    const to = `${reason}-${code}@example.com`;
    service.standIn.setFaultsFor(to, faults);
    expect(await mail.send(letter({}, to), soon())).toEqual({ kind: 'refused', reason, code });
    expect(arrived()).toHaveLength(0);
  });

  test.each([
    ['535 Authentication failed', 'login', 'sender', '535'],
    ['454 4.7.0 Temporary failure', 'login', 'throttled', '4.7.0'],
    ['550 no', 'envelope', 'unreachable', '550'],
    ['554 no', 'data', 'content', '554'],
    ['550 5.1.8 bad sender', 'envelope', 'sender', '5.1.8'],
    ['550 5.7.1 policy', 'envelope', 'unknown', '5.7.1'],
    ['421 too many', 'envelope', 'later', '421'],
    ['gibberish', 'envelope', 'later', 'unknown'],
  ] as const)('"%s" at %s means %s', (reply, stage, reason, code) => {
    expect(refusal(reply, stage)).toEqual({ kind: 'refused', reason, code });
  });

  test('a wrong password is a problem of the sender', async () => {
    const { smtpUrl } = await otherService();
    const stranger = service.connect({ smtpUrl: smtpUrl.replace(/:[^:@/]+@/, ':wrong@') });
    expect(await stranger.send(letter(), soon())).toMatchObject({ kind: 'refused', reason: 'sender' });
  });
});

/** The addresses of the service under test. */
async function otherService() {
  const { createMailStandIn } = await import('../../src/sandbox/mail/index.ts');
  const other = createMailStandIn({ sender: MAIL_SENDER });
  const urls = await other.start();
  closers.push(other.stop);
  return urls;
}
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

describe('what is known of a letter that got no answer', () => {
  test('cut off as it begins: never sent twice, since our bytes may have been under way', async () => {
    const to = 'cut-before@example.com';
    service.standIn.setFaultsFor(to, { dropBeforeData: true });
    expect(['not_written', 'uncertain']).toContain((await mail.send(letter({}, to), soon())).kind);
    expect(arrived()).toHaveLength(0);
  });

  test('cut off after its end: nobody can say', async () => {
    const to = 'cut-after@example.com';
    service.standIn.setFaultsFor(to, { dropAfterData: true });
    expect(await mail.send(letter({}, to), soon())).toMatchObject({ kind: 'uncertain' });
    expect(await until(() => arrived()[0])).toBeDefined();
  });

  test('no word in time: nobody can say', async () => {
    const to = 'slow@example.com';
    service.standIn.setFaultsFor(to, { answerDelayMs: 1500 });
    expect(await mail.send(letter({}, to), soon())).toEqual({ kind: 'uncertain', detail: 'no answer in time' });
  });

  test('its deadline has passed: nothing is written', async () => {
    expect(await mail.send(letter(), Date.now() - 1)).toMatchObject({ kind: 'not_written' });
    expect(arrived()).toHaveLength(0);
  });

  test('its deadline passes between the envelope and the first byte', async () => {
    let now = 1000;
    const slow = service.connect({ machine: () => now });
    const warm = await slow.send(letter(), 9000);
    expect(warm.kind).toBe('accepted');
    const before = arrived().length;
    const sending = slow.send(letter({ attempt: 2 }), 2000);
    setImmediate(() => {
      now = 2000;
    });
    expect(await sending).toMatchObject({ kind: 'not_written' });
    expect(arrived()).toHaveLength(before);
  });

  test('nobody listens: it certainly did not leave', async () => {
    const nowhere = service.connect({ smtpUrl: 'smtp://127.0.0.1:9' });
    expect(await nowhere.send(letter(), soon())).toMatchObject({ kind: 'not_written' });
  });

  test('a server elsewhere without STARTTLS gets no word of it', async () => {
    const { smtpUrl } = await otherService();
    const port = new URL(smtpUrl).port;
    // a name that is this machine and does not look like it
    const open = service.connect({ smtpUrl: `smtp://0.0.0.0:${port}` });
    expect(await open.send(letter(), soon())).toEqual({ kind: 'refused', reason: 'sender', code: 'no_tls' });
  });
});

describe('what comes in', () => {
  test('an answer names the message that it answers', async () => {
    await mail.send(letter({ attempt: 7 }), soon());
    const [ours] = arrived();
    const since = new Date(Date.now() - 5000);
    await service.standIn.customerWrites({
      from: 'Anna@Example.com',
      name: 'Anna',
      text: 'Ja tack!',
      ...(ours && { answers: ours }),
    });

    const got = (await mail.listInbound({ channel: 'email', to: MAIL_SENDER, since })).at(-1);
    expect(got).toMatchObject({
      channel: 'email',
      from: 'anna@example.com',
      to: MAIL_SENDER,
      profileName: 'Anna',
      media: [],
    });
    expect(got?.body).toMatch(/^Ja tack!/);
    expect(got?.letter).toMatchObject({ answers: { messageId: MESSAGE_ID, attempt: 7 } });
    expect(got?.letter?.automatic).toBeUndefined();
  });

  test('news are told as they come, and again when they could not be taken in; what people wrote before is not', async () => {
    const seen: Letter[] = [];
    let failures = 1;
    await mail.send(letter({ attempt: 8 }), soon());
    const [ours] = arrived();
    if (!ours) throw new Error('nothing arrived');
    await service.standIn.customerWrites({ from: MAILBOX, text: 'Long ago', subject: 'Old' });
    service.standIn.complain(ours);
    const watching = service.connect();
    watching.watch(
      async (each) => {
        if (each.kind === 'message' && each.message.body.startsWith('Watch me') && failures-- > 0)
          throw new Error('away');
        seen.push(each);
      },
      () => {},
    );
    await until(() => seen.some(({ kind }) => kind === 'complaint'));
    expect(seen.filter(({ kind }) => kind === 'message')).toEqual([]);
    await service.standIn.customerWrites({ from: MAILBOX, text: 'Watch me', subject: 'New' });
    await service.standIn.customerWrites({ from: MAILBOX, text: 'Watch me too', subject: 'New' });
    const texts = () => seen.flatMap((each) => (each.kind === 'message' ? [each.message.body] : []));
    await until(() => ['Watch me', 'Watch me too'].every((words) => texts().some((text) => text.trim() === words)));
  });

  test('one that cannot be taken in holds up none behind it', async () => {
    const seen: string[] = [];
    let tries = 0;
    let listens = false;
    await mail.send(letter({ attempt: 9 }), soon());
    const [ours] = arrived();
    if (!ours) throw new Error('nothing arrived');
    service.standIn.complain(ours);
    service.connect().watch(
      async (each) => {
        listens ||= each.kind === 'complaint';
        if (each.kind !== 'message') return;
        const words = each.message.body.trim();
        if (words === 'Never taken') {
          tries++;
          throw new Error('never');
        }
        seen.push(words);
      },
      () => {},
    );
    await until(() => listens);
    await service.standIn.customerWrites({ from: MAILBOX, text: 'Never taken', subject: 'One' });
    await service.standIn.customerWrites({ from: MAILBOX, text: 'Behind it', subject: 'Two' });
    await until(() => tries > 0 && seen.includes('Behind it'));
  });

  test('a mailbox that refuses the password is asked ever less often, and at once with the right one', async () => {
    let now = 0;
    const asked = () => service.standIn.logins.refused;
    const before = asked();
    const wrong = service.imapUrl.replace(/:[^:@/]+@/, ':wrong@');
    const stranger = service.connect({ imapUrl: wrong, machine: () => now });
    const ask = () => stranger.listInbound({ channel: 'email', to: MAIL_SENDER, since: new Date() });
    const refused = { code: 'misconfigured', problems: [{ field: 'imapUrl' }] };
    for (now = 0; now < 3_600_000; now += 1000) await expect(ask()).rejects.toMatchObject(refused);
    // 2, 4, 8 … seconds, then five minutes
    expect(asked() - before).toBeGreaterThan(10);
    expect(asked() - before).toBeLessThan(25);
    await expect(mail.listInbound({ channel: 'email', to: MAIL_SENDER, since: new Date() })).resolves.toBeDefined();
  });

  test('access for sending is tried by signing in', async () => {
    await expect(mail.tryAccess()).resolves.toBeUndefined();
    const stranger = service.connect({ smtpUrl: service.smtpUrl.replace(/:[^:@/]+@/, ':wrong@') });
    await expect(stranger.tryAccess()).rejects.toMatchObject({
      code: 'misconfigured',
      problems: [{ field: 'smtpUrl', message: 'The server for sending does not accept this user and password.' }],
    });
    const nowhere = service.connect({ smtpUrl: 'smtp://127.0.0.1:9' });
    await expect(nowhere.tryAccess()).rejects.toMatchObject({ problems: [{ message: /could not be reached/ }] });
  });

  test('a picture is fetched from the mailbox, and from nowhere else', async () => {
    const since = new Date(Date.now() - 5000);
    const content = Buffer.from([1, 2, 3, 4]);
    await service.standIn.customerWrites({
      from: MAILBOX,
      text: 'Look',
      subject: 'Picture',
      attachments: [{ name: 'car.png', contentType: 'image/png', content }],
    });
    const [media] = (await mail.listInbound({ channel: 'email', to: MAIL_SENDER, since })).at(-1)?.media ?? [];
    expect(media?.contentType).toBe('image/png');
    expect(await mail.fetchMedia(media?.url ?? '', 100)).toEqual(content);
    await expect(mail.fetchMedia(media?.url ?? '', 3)).rejects.toMatchObject({ code: 'validation_error' });
    await expect(mail.fetchMedia('https://example.com/x', 3)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test.each([
    ['5.1.1', 'failed', 'unreachable'],
    ['4.4.7', 'failed', 'delayed'],
    ['5.2.2', 'failed', 'delayed'],
    ['5.7.1', 'failed', 'unknown'],
  ] as const)('a report of %s (%s) means %s', async (status, action, reason) => {
    const bounced: Letter[] = [];
    await mail.send(letter({ attempt: 3 }), soon());
    const [ours] = arrived();
    if (!ours) throw new Error('nothing arrived');
    const watching = service.connect();
    watching.watch(
      async (each) => {
        if (each.kind === 'bounce' && each.report.failure?.code === status) bounced.push(each);
      },
      () => {},
    );
    service.standIn.bounce(ours, status, action);
    const got = await until(() => bounced[0], 8000);
    expect(got).toMatchObject({
      report: { messageId: MESSAGE_ID, attempt: 3, status: 'failed', failure: { reason, code: status } },
    });
  });
});

describe('letters that no person wrote', () => {
  const raw = (headers: string[], body = 'I am away until Monday.') =>
    Buffer.from([`From: ${MAILBOX}`, `To: ${MAIL_SENDER}`, 'Message-ID: <a@b>', ...headers, '', body].join('\r\n'));

  test.each([
    ['Auto-Submitted: auto-replied', 'auto_submitted'],
    ['Precedence: auto_reply', 'precedence'],
    ['Precedence: bulk', 'precedence'],
    ['X-Autoreply: yes', 'auto_reply'],
  ])('%s is a certain automatic reply', async (header, automatic) => {
    const got = await readLetter(raw([header]), reading);
    expect(got).toMatchObject({ kind: 'message', message: { letter: { automatic } } });
  });

  test.each(['Auto-Submitted: no', 'Subject: Away', 'X-Auto-Response-Suppress: All'])(
    '%s says nothing',
    async (header) => {
      const got = await readLetter(raw([header]), reading);
      expect(got.kind === 'message' && got.message.letter?.automatic).toBeUndefined();
    },
  );

  test('a delay is no failure, and a report about somebody else’s letter is none of ours', async () => {
    const report = (action: string, id: string) =>
      raw(
        ['Return-Path: <>', 'Content-Type: multipart/report; report-type=delivery-status; boundary="x"'],
        `--x\r\nContent-Type: message/delivery-status\r\n\r\nAction: ${action}\r\nStatus: 4.4.1\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${id}\r\n\r\n--x--`,
      );
    expect(await readLetter(report('delayed', `<lr.${MESSAGE_ID}.1@leads.example>`), reading)).toEqual({
      kind: 'other',
    });
    expect(await readLetter(report('failed', '<other@example.com>'), reading)).toEqual({ kind: 'other' });
  });

  test('a complaint names the message that was too much', async () => {
    await mail.send(letter({ attempt: 4 }), soon());
    const [ours] = arrived();
    if (!ours) throw new Error('nothing arrived');
    const complaints: Letter[] = [];
    service.connect().watch(
      async (each) => {
        if (each.kind === 'complaint') complaints.push(each);
      },
      () => {},
    );
    service.standIn.complain(ours);
    expect(await until(() => complaints[0], 8000)).toEqual({ kind: 'complaint', messageId: MESSAGE_ID });
  });

  test('a letter from ourselves is nobody’s', async () => {
    const own = Buffer.from(`From: ${MAIL_SENDER}\r\nSubject: x\r\n\r\nloop`);
    expect(await readLetter(own, reading)).toEqual({ kind: 'other' });
  });
});
