import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { signOf } from '../../src/messaging/breaker.ts';
import { verifySignature } from '../../src/vendors/sinch/index.ts';
import { SINCH, startSinch, type TestSinch } from '../support/sinch.ts';
import { CUSTOMER, outgoing, SENDER } from '../support/twilio.ts';

/* What is Sinch's own: two processing modes with a list each, tokens that end, signatures over bytes, nonce and time. */

let sinch: TestSinch;
beforeAll(async () => {
  sinch = await startSinch();
});
beforeEach(() => {
  sinch.standIn.faults.clear();
  sinch.standIn.setApp('CONVERSATION', 7);
});
afterAll(() => sinch.stop());

const soon = () => Date.now() + 5000;
const since = () => new Date(Date.now() - 60_000);
const sms = { channel: 'sms', to: SENDER } as const;

describe.each(['CONVERSATION', 'DISPATCH'] as const)('an app in %s mode', (mode) => {
  test('shows what was sent when the answer got lost, and what customers wrote', async () => {
    sinch.standIn.setApp(mode, 1);
    const gateway = sinch.connect();
    sinch.standIn.faults.set({ dropAfterAccept: true });
    const before = sinch.standIn.journal.sent.length;
    expect((await gateway.send(outgoing(), soon())).kind).toBe('uncertain');
    const found = await gateway.findSent({ channel: 'sms', to: CUSTOMER, from: SENDER, createdAfter: since() });
    const taken = sinch.standIn.journal.sent.slice(before).map(({ id }) => id);
    expect(taken).toHaveLength(1);
    expect(found.map(({ gatewayId }) => gatewayId)).toEqual(expect.arrayContaining(taken));

    await sinch.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: `STOP in ${mode}` });
    const came = await gateway.listInbound({ ...sms, since: since() });
    expect(came.map(({ body }) => body)).toContain(`STOP in ${mode}`);
  });
});

describe('an app whose list would prove nothing', () => {
  test('keeps no messages: nothing is taken for unsent or unheard', async () => {
    sinch.standIn.setApp('DISPATCH', 0);
    const gateway = sinch.connect();
    const wrong = {
      code: 'misconfigured',
      problems: [{ field: 'account', message: expect.stringContaining('set its dispatch retention to 7 days') }],
    };
    const query = { channel: 'sms', to: CUSTOMER, from: SENDER, createdAfter: since() } as const;
    await expect(gateway.findSent(query)).rejects.toMatchObject(wrong);
    await expect(gateway.listInbound({ ...sms, since: since() })).rejects.toMatchObject(wrong);
    await expect(gateway.tryAccess()).rejects.toMatchObject(wrong);
  });

  test('is of another project', async () => {
    const others = sinch.connect({ appId: '01SOMEBODY' });
    await expect(others.tryAccess()).rejects.toMatchObject({
      code: 'misconfigured',
      problems: [{ field: 'account', message: 'This project at Sinch has no such app.' }],
    });
  });

  test('cannot be asked: that is no answer', async () => {
    const gateway = sinch.connect({ httpTimeoutMs: 500 });
    await sinch.standIn.faults.down();
    await expect(gateway.tryAccess()).rejects.toMatchObject({ code: 'unavailable' });
    await sinch.standIn.faults.up();
    await gateway.tryAccess();
  });
});

test.each([false, true])(
  'what waits while access is given anew says nothing about Sinch (with a token: %s)',
  async (used) => {
    const gateway = sinch.connect();
    if (used) await gateway.send(outgoing(), soon());
    await gateway.close();
    const outcome = await gateway.send(outgoing(), soon());
    expect(outcome.kind).toBe('not_written');
    expect(signOf(outcome)).toBe('nothing');
  },
);

describe('a token', () => {
  test('is asked for once by many sends at once, and serves until it nearly ends', async () => {
    let now = Date.now();
    const gateway = sinch.connect({ machine: () => now });
    const before = sinch.standIn.journal.tokens;
    const sends = () => Promise.all(Array.from({ length: 20 }, () => gateway.send(outgoing(), now + 5000)));
    expect((await sends()).every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(sinch.standIn.journal.tokens - before).toBe(1);
    now += 58 * 60_000;
    await sends();
    expect(sinch.standIn.journal.tokens - before).toBe(1);
    now += 2 * 60_000;
    await sends();
    expect(sinch.standIn.journal.tokens - before).toBe(2);
  });

  test('that has run out costs one attempt and is renewed: it says nothing about the account', async () => {
    const gateway = sinch.connect();
    const { journal, faults } = sinch.standIn;
    expect((await gateway.send(outgoing(), soon())).kind).toBe('accepted');
    const before = { tokens: journal.tokens, sent: journal.sent.length };
    faults.set({ tokensEnd: true });
    expect(await gateway.send(outgoing(), soon())).toEqual({ kind: 'not_written', detail: 'token ran out' });
    expect(journal.sent.length).toBe(before.sent);
    expect((await gateway.send(outgoing(), soon())).kind).toBe('accepted');
    expect(journal.tokens).toBe(before.tokens + 1);
  });

  test('that has run out is renewed within one reading of the list', async () => {
    const gateway = sinch.connect();
    await gateway.tryAccess();
    const before = sinch.standIn.journal.tokens;
    sinch.standIn.faults.set({ tokensEnd: true });
    await gateway.listInbound({ ...sms, since: since() });
    expect(sinch.standIn.journal.tokens).toBe(before + 1);
  });

  test('that is refused right after it was given means wrong access', async () => {
    const stranger = sinch.connect({ keySecret: 'wrong' });
    expect(await stranger.send(outgoing(), soon())).toMatchObject({ kind: 'refused', reason: 'sender' });
    await expect(stranger.tryAccess()).rejects.toMatchObject({ code: 'misconfigured' });
  });
});

test('a signature is the published one, over the bytes as they came', () => {
  const signed = {
    secret: SINCH.webhookSecret,
    body: Buffer.from('{"app_id":"01X","project_id":"p","message":{"id":"m"}}'),
    nonce: '01FJA8B4A7BM43YGWSG9GBV067',
    timestamp: '1634579353',
    signature: 'rMLVo5BucBfGiKOR+43K6MT3yFBROA5ksaN2ookO2I8=',
  };
  const then = 1_634_579_353_000;
  expect(verifySignature(signed, then)).toBe(true);
  expect(verifySignature(signed, then + 299_000)).toBe(true);
  expect(verifySignature(signed, then + 301_000)).toBe(false);
  expect(verifySignature({ ...signed, body: Buffer.concat([signed.body, Buffer.from(' ')]) }, then)).toBe(false);
  expect(verifySignature({ ...signed, nonce: `${signed.nonce}0` }, then)).toBe(false);
  expect(verifySignature({ ...signed, timestamp: '1634579354' }, then)).toBe(false);
});
