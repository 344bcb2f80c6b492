import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SINCH, SINCH_WHATSAPP, startSinch, type TestSinch } from '../support/sinch.ts';
import { CUSTOMER, outgoing, SENDER, soon, startTwilio, type TestTwilio } from '../support/twilio.ts';

const OTHER = '+14155550102';
const FILE = { bytes: Buffer.from('a picture'), contentType: 'image/jpeg' };

describe('Twilio deletes what it keeps of a conversation', () => {
  let twilio: TestTwilio;
  beforeAll(async () => {
    twilio = await startTwilio();
  });
  afterAll(() => twilio.stop());

  test('both ways, with what was sent along, and nothing of others; asked again there is nothing left', async () => {
    const { standIn } = twilio;
    const gateway = twilio.connect();
    for (const to of [CUSTOMER, OTHER]) await gateway.send(outgoing({ to }), soon());
    for (const from of [CUSTOMER, OTHER]) {
      await standIn.customerSends({ from, to: SENDER, channel: 'sms', body: 'Hello', media: [FILE, FILE] });
    }
    await standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'to somebody else' });
    await standIn.idle();
    const [ours, , theirs] = standIn.journal.inbound;
    const sent = standIn.journal.sent.filter(({ to }) => to === CUSTOMER).map(({ sid }) => sid);
    const forget = () =>
      gateway.forget?.({ channel: 'sms', sender: SENDER, customer: CUSTOMER, sent, isOurs: (id) => id === ours?.sid });
    expect(standIn.kept()).toEqual({ messages: 5, media: 4 });
    expect(await forget()).toEqual({ messages: 2, media: 2, pending: 0 });
    expect(standIn.kept()).toEqual({ messages: 3, media: 2 });
    expect(await forget()).toEqual({ messages: 0, media: 0, pending: 0 });
    const left = await gateway.listInbound({ channel: 'sms', to: SENDER, since: new Date(0) });
    expect(left.map(({ gatewayId }) => gatewayId)).toContain(theirs?.sid);
    expect(standIn.journal.violations).toEqual([]);
  });

  test('a message that it has not finished with stays until it has', async () => {
    const { standIn } = twilio;
    const gateway = twilio.connect();
    const stopped = await gateway.send(outgoing({ to: OTHER }), soon());
    const message = standIn.journal.sent.at(-1);
    if (stopped.kind !== 'accepted' || !message) throw new Error('it was not taken');
    await standIn.idle();
    const { status } = message;
    const query = {
      ...({ channel: 'sms', sender: SENDER, customer: OTHER, isOurs: () => false } as const),
      sent: [stopped.gatewayId],
    };
    message.status = 'queued';
    expect(await gateway.forget?.(query)).toEqual({ messages: 0, media: 0, pending: 1 });
    message.status = status;
    expect(await gateway.forget?.(query)).toEqual({ messages: 1, media: 0, pending: 0 });
  });

  test('without an answer nobody says that it is gone', async () => {
    const { standIn } = twilio;
    const gateway = twilio.connect({ httpTimeoutMs: 300 });
    const query = { channel: 'sms', sender: SENDER, customer: OTHER, sent: ['SM1'], isOurs: () => true } as const;
    await standIn.faults.down();
    await expect(gateway.forget?.(query)).rejects.toMatchObject({ code: 'unavailable' });
    await standIn.faults.up();
    const stranger = twilio.connect({ authToken: 'another' });
    await expect(stranger.forget?.(query)).rejects.toMatchObject({ code: 'misconfigured' });
  });
});

describe.each(['CONVERSATION', 'DISPATCH'] as const)('Sinch deletes what it keeps, in %s mode', (mode) => {
  let sinch: TestSinch;
  beforeAll(async () => {
    sinch = await startSinch({ mode });
  });
  afterAll(() => sinch.stop());

  test('both ways, and nothing of others; asked again there is nothing left', async () => {
    const { standIn } = sinch;
    const gateway = sinch.connect();
    for (const to of [CUSTOMER, OTHER]) await gateway.send(outgoing({ to, from: SENDER }), soon());
    for (const from of [CUSTOMER, OTHER, CUSTOMER]) {
      await standIn.customerSends({ from, to: SENDER, channel: 'sms', body: 'Hello' });
    }
    await standIn.customerSends({ from: CUSTOMER, to: SINCH_WHATSAPP, channel: 'whatsapp', body: 'Hello' });
    await standIn.idle();
    const [ours] = standIn.journal.inbound;
    const sent = standIn.journal.sent.filter(({ customer }) => customer === CUSTOMER).map(({ id }) => id);
    const forget = () =>
      gateway.forget?.({ channel: 'sms', sender: SENDER, customer: CUSTOMER, sent, isOurs: (id) => id === ours?.id });
    expect(await forget()).toEqual({ messages: 2, media: 0, pending: 0 });
    expect([...standIn.journal.removed].sort()).toEqual([ours?.id, ...sent].sort());
    expect(await forget()).toEqual({ messages: 0, media: 0, pending: 0 });
    expect(standIn.journal.violations).toEqual([]);
  });

  test('without an answer nobody says that it is gone', async () => {
    const { standIn } = sinch;
    const gateway = sinch.connect({ httpTimeoutMs: 300 });
    await standIn.faults.down();
    const query = { channel: 'sms', sender: SINCH.appId, customer: OTHER, sent: ['01M'], isOurs: () => true } as const;
    await expect(gateway.forget?.(query)).rejects.toMatchObject({ code: 'unavailable' });
    await standIn.faults.up();
  });
});
