import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Twilio } from '../../src/vendors/twilio/index.ts';
import { CUSTOMER, outgoing, SENDER, soon, startTwilio, type TestTwilio } from '../support/twilio.ts';

let service: TestTwilio;
let twilio: Twilio;
let machine: number;

beforeEach(async () => {
  machine = Date.UTC(2026, 0, 5, 12);
  service = await startTwilio({ machine: () => machine });
  twilio = service.connect();
});
afterEach(() => service.stop());

const pair = { channel: 'sms', to: CUSTOMER, from: SENDER } as const;

describe('finding what was sent', () => {
  test('gives body, status and time of the messages to this receiver from this sender', async () => {
    const outcome = await twilio.send(outgoing({ body: 'one' }), soon());
    await twilio.send(outgoing({ to: '+14155550199' }), soon());
    await twilio.send(outgoing({ from: '+14155550009' }), soon());
    await service.standIn.idle();

    expect(await twilio.findSent({ ...pair, createdAfter: new Date(machine) })).toEqual([
      {
        gatewayId: outcome.kind === 'accepted' && outcome.gatewayId,
        body: 'one',
        status: 'delivered',
        createdAt: new Date(machine),
      },
    ]);
  });

  test('sees a message that is still queued', async () => {
    service.standIn.faults.set({ callbackDelayMs: 60_000 });
    await twilio.send(outgoing(), soon());

    const found = await twilio.findSent({ ...pair, createdAfter: new Date(machine) });

    expect(found.map(({ status }) => status)).toEqual(['accepted']);
  });

  test('leaves out what is older, but not what is older by less than the second the list knows', async () => {
    await twilio.send(outgoing({ body: 'old' }), soon());
    machine += 60_000;
    await twilio.send(outgoing({ body: 'new' }), soon());

    const found = await twilio.findSent({ ...pair, createdAfter: new Date(machine + 999) });

    expect(found.map(({ body }) => body)).toEqual(['new']);
  });

  test('keeps the channels apart', async () => {
    await twilio.send(outgoing({ channel: 'whatsapp', body: 'by WhatsApp' }), soon());
    await twilio.send(outgoing({ body: 'by SMS' }), soon());

    const found = await twilio.findSent({ ...pair, channel: 'whatsapp', createdAfter: new Date(machine) });

    expect(found.map(({ body }) => body)).toEqual(['by WhatsApp']);
  });

  test('reads every page', async () => {
    const bodies = Array.from({ length: 450 }, (_, i) => `message ${i}`);
    for (const body of bodies) await twilio.send(outgoing({ body }), soon());

    const found = await twilio.findSent({ ...pair, createdAfter: new Date(machine) });

    expect(found.map(({ body }) => body)).toEqual(bodies.reverse());
  });

  test('throws when the list cannot be read', async () => {
    await service.standIn.faults.down();

    await expect(twilio.findSent({ ...pair, createdAfter: new Date(0) })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  test('throws when the account is not accepted', async () => {
    const stranger = service.connect({ authToken: 'wrong' });

    await expect(stranger.findSent({ ...pair, createdAfter: new Date(0) })).rejects.toMatchObject({
      code: 'misconfigured',
    });
  });
});

describe('listing what customers sent', () => {
  const writes = (body: string, from = CUSTOMER, channel: 'sms' | 'whatsapp' = 'sms') =>
    service.standIn.customerSends({ from, to: SENDER, channel, body });

  test('gives them oldest first, without our own messages, though the application was down', async () => {
    const first = await writes('Hi, who is this?');
    machine += 5000;
    await twilio.send(outgoing(), soon());
    machine += 5000;
    await writes('STOP', '+14155550102');

    const inbound = await twilio.listInbound({ channel: 'sms', to: SENDER, since: new Date(machine - 10_000) });

    expect(first.status).toBe(0);
    expect(inbound.map(({ from, body }) => [from, body])).toEqual([
      [CUSTOMER, 'Hi, who is this?'],
      ['+14155550102', 'STOP'],
    ]);
    expect(inbound[0]).toMatchObject({ gatewayId: first.sid, channel: 'sms', to: SENDER, media: [] });
  });

  test('leaves out what came before', async () => {
    await writes('old');
    machine += 60_000;
    await writes('new');

    const inbound = await twilio.listInbound({ channel: 'sms', to: SENDER, since: new Date(machine) });

    expect(inbound.map(({ body }) => body)).toEqual(['new']);
  });

  test('reads every page, and keeps the channels apart', async () => {
    for (let i = 0; i < 450; i++) await writes(`message ${i}`, CUSTOMER, 'whatsapp');
    await writes('by SMS');

    const inbound = await twilio.listInbound({ channel: 'whatsapp', to: SENDER, since: new Date(machine) });

    expect(new Set(inbound.map(({ body }) => body)).size).toBe(450);
    expect(inbound[0]).toMatchObject({ channel: 'whatsapp', from: CUSTOMER, to: SENDER });
  });
});
