import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { signOf } from '../../src/messaging/breaker.ts';
import type { Twilio } from '../../src/vendors/twilio/index.ts';
import { CUSTOMER, outgoing, SENDER, soon, startTwilio, type TestTwilio } from '../support/twilio.ts';

let service: TestTwilio;
let twilio: Twilio;

beforeEach(async () => {
  service = await startTwilio();
  twilio = service.connect();
});
afterEach(() => service.stop());

const longAgo = new Date(0);
const findSent = () => twilio.findSent({ channel: 'sms', to: CUSTOMER, from: SENDER, createdAfter: longAgo });

describe('a message that Twilio takes', () => {
  test('is accepted with its id, and arrives as it was given', async () => {
    const message = outgoing({ body: 'Grüße & 100 % "50€" 👋\nbye + bye' });

    const outcome = await twilio.send(message, soon());

    const [sent] = service.standIn.journal.sent;
    expect(outcome).toEqual({ kind: 'accepted', gatewayId: sent?.sid });
    expect(sent).toMatchObject({
      channel: 'sms',
      to: message.to,
      from: message.from,
      body: message.body,
      statusCallback: message.statusCallback,
    });
  });

  test('goes through the Messaging Service on SMS only', async () => {
    const service1 = service.connect({ messagingServiceSid: 'MG00000000000000000000000000000001' });

    await service1.send(outgoing(), soon());
    await service1.send(outgoing({ channel: 'whatsapp' }), soon());

    const services = service.standIn.journal.sent.map((sent) => [sent.channel, sent.from, sent.messagingServiceSid]);
    expect(services).toEqual([
      ['sms', SENDER, 'MG00000000000000000000000000000001'],
      ['whatsapp', SENDER, null],
    ]);
  });

  test('is sent even when its text ends in half an emoji', async () => {
    const outcome = await twilio.send(outgoing({ body: 'Hi \ud83d' }), soon());

    expect(outcome.kind).toBe('accepted');
    expect(service.standIn.journal.sent[0]?.body).toBe('Hi \ufffd');
  });

  test('may wait behind no other: as many go out at once as there are connections', async () => {
    service.standIn.faults.set({ answerDelayMs: 100 });

    const outcomes = await Promise.all(Array.from({ length: 100 }, () => twilio.send(outgoing(), soon())));

    expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(service.standIn.journal.sent).toHaveLength(100);
  });
});

describe('a message that Twilio refuses', () => {
  test.each([
    [21610, 'opted_out'],
    [21211, 'unreachable'],
    [21614, 'unreachable'],
    [21611, 'throttled'],
    [21606, 'sender'],
    [21408, 'sender'],
    [21620, 'content'],
    [29999, 'unknown'],
  ] as const)('code %i means %s', async (code, reason) => {
    service.standIn.faults.setFor(CUSTOMER, { refuseWith: code });

    expect(await twilio.send(outgoing(), soon())).toEqual({ kind: 'refused', reason, code: String(code) });
    expect(service.standIn.journal.sent).toHaveLength(0);
  });

  test('a wrong auth token is a problem of the sender', async () => {
    const stranger = service.connect({ authToken: 'wrong' });

    expect(await stranger.send(outgoing(), soon())).toEqual({ kind: 'refused', reason: 'sender', code: '20003' });
  });

  test('too fast is throttled', async () => {
    service.standIn.faults.set({ rateLimited: 1 });

    expect(await twilio.send(outgoing(), soon())).toEqual({ kind: 'refused', reason: 'throttled', code: '20429' });
  });

  test('too long a text is a problem of the content', async () => {
    const outcome = await twilio.send(outgoing({ body: 'x'.repeat(1601) }), soon());

    expect(outcome).toEqual({ kind: 'refused', reason: 'content', code: '21617' });
  });

  test('after a bare STOP by SMS the customer has opted out, until START', async () => {
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: ' stop ' });
    expect(await twilio.send(outgoing(), soon())).toEqual({ kind: 'refused', reason: 'opted_out', code: '21610' });

    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'START' });
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'accepted' });
    expect(service.standIn.journal.autoReplies).toHaveLength(2);
  });

  test('words around STOP do not block: that is for us to understand', async () => {
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'please stop' });

    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'accepted' });
  });

  test('a number that is not on WhatsApp is unreachable there, but not by SMS', async () => {
    service.standIn.faults.setFor(CUSTOMER, { notOnWhatsApp: 'sync' });

    expect(await twilio.send(outgoing({ channel: 'whatsapp' }), soon())).toEqual({
      kind: 'refused',
      reason: 'unreachable',
      code: '63003',
    });
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'accepted' });
  });

  test('e-mail does not go through Twilio', async () => {
    expect(await twilio.send(outgoing({ channel: 'email' }), soon())).toMatchObject({ kind: 'refused' });
    expect(service.standIn.journal.creates).toBe(0);
  });
});

describe('a message that certainly did not leave', () => {
  test('access was given anew while it waited: that says nothing about Twilio', async () => {
    const before = service.connect();
    await before.close();
    const outcome = await before.send(outgoing(), soon());
    expect(outcome.kind).toBe('not_written');
    expect(signOf(outcome)).toBe('nothing');
  });

  test('its deadline has passed: nothing reaches the gateway', async () => {
    expect(await twilio.send(outgoing(), Date.now() - 1)).toMatchObject({ kind: 'not_written' });
    expect(service.standIn.journal.creates).toBe(0);
  });

  test('its deadline passes while the connection is being made', async () => {
    let now = 1000;
    const slow = service.connect({ machine: () => now });

    const sending = slow.send(outgoing(), 2000);
    now = 2000;

    expect(await sending).toMatchObject({ kind: 'not_written' });
    expect(service.standIn.journal.creates).toBe(0);
  });

  test('its deadline passes while it waits behind another', async () => {
    const narrow = service.connect({ connections: 1 });
    service.standIn.faults.setFor('+14155550199', { answerDelayMs: 200 });

    const first = narrow.send(outgoing({ to: '+14155550199' }), soon());
    const second = narrow.send(outgoing(), Date.now() + 50);

    expect(await second).toMatchObject({ kind: 'not_written' });
    expect(await first).toMatchObject({ kind: 'accepted' });
    expect(await narrow.send(outgoing(), soon())).toMatchObject({ kind: 'accepted' });
    expect(service.standIn.journal.creates).toBe(2);
  });

  test('the gateway refuses the connection, and takes messages again once it is back', async () => {
    await service.standIn.faults.down();
    expect(await twilio.send(outgoing(), soon())).toEqual({ kind: 'not_written', detail: 'ECONNREFUSED' });

    await service.standIn.faults.up();
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'accepted' });
  });
});

describe('a message of which nobody can say', () => {
  test.each(['before', 'after'] as const)('the gateway never answers (%s taking it)', async (hang) => {
    service.standIn.faults.set({ hang });
    const impatient = service.connect({ httpTimeoutMs: 500 });

    expect(await impatient.send(outgoing(), soon())).toEqual({ kind: 'uncertain', detail: 'no answer in time' });
    expect(await findSent()).toHaveLength(hang === 'after' ? 1 : 0);
  });

  test('the connection breaks after the gateway took it: the list finds it', async () => {
    service.standIn.faults.set({ dropAfterAccept: 1 });
    const message = outgoing();

    expect(await twilio.send(message, soon())).toMatchObject({ kind: 'uncertain' });

    const [sent] = service.standIn.journal.sent;
    expect(await findSent()).toEqual([
      { gatewayId: sent?.sid, body: message.body, status: expect.anything(), createdAt: expect.any(Date) },
    ]);
  });

  test('the connection breaks before the gateway took it: the list knows nothing', async () => {
    service.standIn.faults.set({ dropBeforeAccept: 1 });

    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'uncertain' });
    expect(await findSent()).toEqual([]);
  });

  test('the gateway answers 500, taken or not', async () => {
    service.standIn.faults.set({ error500: 1 });
    expect(await twilio.send(outgoing(), soon())).toEqual({ kind: 'uncertain', detail: 'unexpected HTTP 500' });

    service.standIn.faults.set({ error500: 0, error500AfterAccept: 1 });
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'uncertain' });
    expect(service.standIn.journal.sent).toHaveLength(1);
  });

  test('it is written once, whatever happens', async () => {
    service.standIn.faults.set({ dropAfterAccept: 0.3, dropBeforeAccept: 0.3, error500: 0.2 });

    await Promise.all(Array.from({ length: 200 }, () => twilio.send(outgoing(), soon())));

    expect(service.standIn.journal.creates).toBe(200);
  });
});
