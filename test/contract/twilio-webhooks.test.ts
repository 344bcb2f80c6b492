import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseInbound, parseStatus, type Twilio, verifySignature } from '../../src/vendors/twilio/index.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  CUSTOMER,
  outgoing,
  type ReceivedPost,
  SENDER,
  soon,
  startReceiver,
  startTwilio,
  type TestTwilio,
} from '../support/twilio.ts';

let app: Awaited<ReturnType<typeof startReceiver>>;
let answer: { status: number; contentType: string; body: string };
let service: TestTwilio;
let twilio: Twilio;

beforeEach(async () => {
  answer = { status: 200, contentType: 'text/xml', body: '<Response/>' };
  app = await startReceiver(() => answer);
  service = await startTwilio({ webhookBase: () => app.origin });
  twilio = service.connect();
});
afterEach(async () => {
  await service.stop();
  await app.stop();
});

const callback = () => `${app.origin}/webhooks/twilio/status?message=m-42&attempt=3`;
const isSigned = ({ url, form, headers }: ReceivedPost) =>
  verifySignature({ authToken: AUTH_TOKEN, signature: String(headers['x-twilio-signature']), url, form });

/** Sends one message and gives the reports the application got for it. */
async function reportsOf(channel: 'sms' | 'whatsapp') {
  await twilio.send(outgoing({ channel, statusCallback: callback() }), soon());
  await service.standIn.idle();
  expect(app.posts.every(isSigned)).toBe(true);
  return app.posts.map(({ url, form }) => parseStatus(form, Object.fromEntries(new URL(url).searchParams)));
}

describe('status callbacks', () => {
  test('are signed and carry our message and attempt', async () => {
    const reports = await reportsOf('sms');

    const gatewayId = service.standIn.journal.sent[0]?.sid;
    expect(reports).toEqual([
      { messageId: 'm-42', attempt: 3, gatewayId, status: 'sent' },
      { messageId: 'm-42', attempt: 3, gatewayId, status: 'delivered' },
    ]);
  });

  test.each([
    [30003, 'unreachable'],
    [30007, 'content'],
    [30034, 'sender'],
    [30008, 'unknown'],
  ] as const)('say why it failed: %i is %s', async (code, reason) => {
    service.standIn.faults.setFor(CUSTOMER, { failWith: code });

    const failure = { reason, code: String(code) };
    expect((await reportsOf('sms')).at(-1)).toMatchObject({ status: 'failed', failure });
  });

  test('a number that is not on WhatsApp is found out later', async () => {
    service.standIn.faults.setFor(CUSTOMER, { notOnWhatsApp: 'async' });

    expect(await reportsOf('whatsapp')).toMatchObject([
      { status: 'failed', failure: { reason: 'unreachable', code: '63003' } },
    ]);
  });

  test('outside the window free text needs a template', async () => {
    expect(await reportsOf('whatsapp')).toMatchObject([
      { status: 'failed', failure: { reason: 'template_needed', code: '63016' } },
    ]);
  });

  test('read follows delivered on WhatsApp', async () => {
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'whatsapp', body: 'Hej' });
    app.posts.length = 0;
    await reportsOf('whatsapp');
    await service.standIn.markRead(String(service.standIn.journal.sent[0]?.sid));

    expect(app.posts.map(({ form }) => [form.MessageStatus, form.EventType])).toEqual([
      ['sent', undefined],
      ['delivered', 'DELIVERED'],
      ['read', 'READ'],
    ]);
  });

  test('can come twice, and last first', async () => {
    service.standIn.faults.set({ duplicateCallbacks: true, reverseCallbacks: true });

    expect((await reportsOf('sms')).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'sent', 'sent']);
  });

  test('can stay away, though the message arrived', async () => {
    service.standIn.faults.set({ callbacks: 'none' });

    expect(await reportsOf('sms')).toEqual([]);
    expect(service.standIn.journal.sent[0]?.status).toBe('delivered');
  });

  test('come for messages whose acceptance we never saw', async () => {
    service.standIn.faults.set({ dropAfterAccept: 1 });

    expect((await reportsOf('sms')).map(({ status }) => status)).toEqual(['sent', 'delivered']);
  });
});

describe('customers writing', () => {
  test('by SMS', async () => {
    const { sid, status, body } = await service.standIn.customerSends({
      from: CUSTOMER,
      to: SENDER,
      channel: 'sms',
      body: 'Is the X5 still there? + å € 👋',
    });

    expect({ status, body }).toEqual({ status: 200, body: '<Response/>' });
    const [post] = app.posts;
    expect(post && isSigned(post)).toBe(true);
    expect(post?.url).toBe(`${app.origin}/webhooks/twilio/inbound`);
    expect(parseInbound(post?.form ?? {})).toEqual({
      gatewayId: sid,
      accountSid: ACCOUNT_SID,
      channel: 'sms',
      from: CUSTOMER,
      to: SENDER,
      body: 'Is the X5 still there? + å € 👋',
      media: [],
    });
  });

  test('by WhatsApp, with a picture', async () => {
    const media = [{ url: 'https://api.twilio.com/media/ME1', contentType: 'image/jpeg' }];
    await service.standIn.customerSends({
      from: CUSTOMER,
      to: SENDER,
      channel: 'whatsapp',
      body: '',
      profileName: 'Anna K',
      media,
    });

    expect(parseInbound(app.posts[0]?.form ?? {})).toMatchObject({
      channel: 'whatsapp',
      from: CUSTOMER,
      to: SENDER,
      profileName: 'Anna K',
      media,
    });
  });

  test('get what the application answers: TwiML, and plain text too', async () => {
    answer = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'OK' };
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'Hi' });
    answer = { status: 200, contentType: 'text/xml', body: '<Response><Message>Hello</Message></Response>' };
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'Hi' });

    expect(service.standIn.journal.sent.map(({ to, body }) => [to, body])).toEqual([
      [CUSTOMER, 'OK'],
      [CUSTOMER, 'Hello'],
    ]);
  });

  test('can be followed as it happens', async () => {
    const seen: string[] = [];
    const unsubscribe = service.standIn.journal.subscribe((event) => {
      if ('message' in event) seen.push(`${event.kind} ${event.message.body}`);
    });

    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'HELP' });
    unsubscribe();
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'Hi' });

    expect(seen).toEqual([expect.stringMatching(/^auto_reply Reply STOP/), 'inbound HELP']);
  });
});
