import { describe, expect, test } from '@jest/globals';
import { parseInbound, parseStatus, senderOf } from '../../../src/vendors/twilio/index.ts';
import { CUSTOMER, inboundForm, SENDER, statusForm } from '../../support/twilio.ts';

const query = { message: 'm1', attempt: '2' };

describe('a customer’s message', () => {
  test('by WhatsApp comes with bare numbers and the profile name', () => {
    const form = inboundForm({
      From: senderOf('whatsapp', CUSTOMER),
      To: senderOf('whatsapp', SENDER),
      ProfileName: 'Anna',
      WaId: CUSTOMER.slice(1),
      SomethingNew: 'ignored',
    });

    expect(parseInbound(form)).toMatchObject({
      channel: 'whatsapp',
      from: CUSTOMER,
      to: SENDER,
      body: 'Hello',
      profileName: 'Anna',
    });
    expect(parseInbound(form)).not.toHaveProperty('SomethingNew');
  });

  test.each([
    ['STOP', 'stop'],
    ['START', 'start'],
    ['HELP', 'help'],
  ])('OptOutType %s is the keyword %s', (OptOutType, keyword) => {
    expect(parseInbound(inboundForm({ OptOutType })).keyword).toBe(keyword);
  });

  test('has no keyword when Twilio recognised none, or one we do not know', () => {
    expect(parseInbound(inboundForm())).not.toHaveProperty('keyword');
    expect(parseInbound(inboundForm({ OptOutType: 'LATER' }))).not.toHaveProperty('keyword');
  });

  test('brings its media', () => {
    const form = inboundForm({
      NumMedia: '2',
      MediaUrl0: 'https://m/0',
      MediaContentType0: 'image/png',
      MediaUrl1: 'https://m/1',
    });

    expect(parseInbound(form).media).toEqual([
      { url: 'https://m/0', contentType: 'image/png' },
      { url: 'https://m/1', contentType: 'application/octet-stream' },
    ]);
  });

  test.each(['-1', '1e9', 'many', ''])('a NumMedia of "%s" brings none', (NumMedia) => {
    expect(parseInbound(inboundForm({ NumMedia })).media).toEqual([]);
  });

  test('may have no text', () => {
    const { Body: _, ...form } = inboundForm();
    expect(parseInbound(form).body).toBe('');
  });

  test.each(['MessageSid', 'AccountSid', 'From', 'To'])('without %s is malformed', (field) => {
    const { [field]: _, ...form } = inboundForm();
    expect(() => parseInbound(form)).toThrow(expect.objectContaining({ code: 'validation_error' }));
  });

  test('over a channel we do not have is malformed, and its address stays out of the log', () => {
    const parse = () => parseInbound(inboundForm({ From: 'messenger:123456789' }));
    expect(parse).toThrow(expect.objectContaining({ code: 'validation_error' }));
    expect(parse).not.toThrow(/123456789/);
  });
});

describe('a delivery report', () => {
  test.each([
    ['accepted', 'accepted'],
    ['scheduled', 'accepted'],
    ['queued', 'accepted'],
    ['sending', 'accepted'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
  ])('%s is %s', (MessageStatus, status) => {
    expect(parseStatus(statusForm({ MessageStatus }), query)).toEqual({
      messageId: 'm1',
      attempt: 2,
      gatewayId: statusForm().MessageSid,
      status,
    });
  });

  test.each([
    ['undelivered', '30003', 'unreachable'],
    ['failed', '63024', 'unreachable'],
    ['failed', '63033', 'opted_out'],
    ['failed', '63018', 'throttled'],
    ['undelivered', '30006', 'unreachable'],
    ['failed', '12345', 'unknown'],
  ])('%s with %s is %s', (MessageStatus, ErrorCode, reason) => {
    expect(parseStatus(statusForm({ MessageStatus, ErrorCode }), query)).toMatchObject({
      status: 'failed',
      failure: { reason, code: ErrorCode },
    });
  });

  test.each(['canceled', 'failed'])('%s without a code failed for an unknown reason', (MessageStatus) => {
    expect(parseStatus(statusForm({ MessageStatus }), query).failure).toEqual({
      reason: 'unknown',
      code: MessageStatus,
    });
  });

  test.each([
    ['a status we do not know', statusForm({ MessageStatus: 'toString' }), query],
    ['no ids of ours', statusForm(), {}],
    ['an attempt that is no number', statusForm(), { message: 'm1', attempt: 'x' }],
    ['our ids twice', statusForm(), { message: ['m1', 'm2'], attempt: '1' }],
  ])('with %s is malformed', (_, form, ids) => {
    expect(() => parseStatus(form, ids)).toThrow(expect.objectContaining({ code: 'validation_error' }));
  });
});
