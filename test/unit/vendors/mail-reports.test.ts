import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { namingHeaders } from '../../../src/vendors/mail/naming.ts';
import { createSns, readReport } from '../../../src/vendors/mail/reports/index.ts';

const MESSAGE = '019ab6d4-0000-7000-8000-000000000001';
const WORD = `lr.${MESSAGE}.2`;
const ID = `<${WORD}@nordic.example>`;

/** As the providers' own documentation has them, with our letter's id where theirs puts it. */
const sendgrid = (event: string, more: object = {}) => ({
  ...{ email: 'anna@example.com', timestamp: 1513299569, 'smtp-id': ID, event, sg_event_id: 'x', sg_message_id: 'y' },
  ...more,
});
const mailgun = (event: string, more: object = {}) => ({
  signature: { timestamp: '1529006854', token: 'a', signature: 'd' },
  'event-data': {
    ...{ event, id: 'G9Bn5sl1TC6nu79C8C0bwg', timestamp: 1529006854.329574, recipient: 'anna@example.com' },
    message: { headers: { to: 'anna@example.com', 'message-id': ID.slice(1, -1), subject: 'Hello' } },
    ...more,
  },
});
const postmark = (record: string, more: object = {}) => ({
  ...{ RecordType: record, MessageID: '883953f4-6105-42a2-a16a-77a8eac79483', Email: 'anna@example.com' },
  Metadata: { letter: WORD },
  ...more,
});
const resend = (type: string, more: object = {}) => ({
  type: `email.${type}`,
  created_at: '2024-02-22T23:41:12.126Z',
  data: { email_id: '56761188', to: ['anna@example.com'], headers: [{ name: 'Message-ID', value: ID }], ...more },
});
const ses = (type: string, more: object = {}) => ({
  notificationType: type,
  mail: { messageId: '0000013', destination: ['anna@example.com'], headers: [{ name: 'Message-ID', value: ID }] },
  ...more,
});

describe('what a provider reports', () => {
  const failed = (reason: string, code = 'bounced') => ({ what: 'failed', reason, code });
  test.each<[string, object, object]>([
    ['SendGrid: opened', sendgrid('open'), { what: 'opened' }],
    ['SendGrid: clicked', sendgrid('click', { url: 'https://example.com' }), { what: 'clicked' }],
    ['SendGrid: delivered', sendgrid('delivered', { response: '250 OK' }), { what: 'delivered' }],
    ['SendGrid: deferred', sendgrid('deferred', { attempt: '5' }), { what: 'nothing' }],
    ['SendGrid: bounce', sendgrid('bounce', { type: 'bounce', status: '5.1.1' }), failed('unreachable', '5.1.1')],
    ['SendGrid: blocked', sendgrid('bounce', { type: 'blocked', status: '' }), failed('unknown')],
    ['SendGrid: dropped after a bounce', sendgrid('dropped', { reason: 'Bounced Address' }), failed('unreachable')],
    [
      'SendGrid: dropped after an unsubscribe',
      sendgrid('dropped', { reason: 'Unsubscribed Address' }),
      { what: 'complained' },
    ],
    ['SendGrid: spam', sendgrid('spamreport'), { what: 'complained' }],
    ['SendGrid: something new', sendgrid('telepathy'), { what: 'unknown' }],
    ['Mailgun: opened', mailgun('opened'), { what: 'opened' }],
    ['Mailgun: accepted', mailgun('accepted'), { what: 'nothing' }],
    [
      'Mailgun: for good',
      mailgun('failed', { severity: 'permanent', 'delivery-status': { code: 550, message: 'No such user' } }),
      failed('unreachable'),
    ],
    [
      'Mailgun: for good, with the code',
      mailgun('failed', { severity: 'permanent', 'delivery-status': { code: 550, message: '5.7.1 Spam' } }),
      failed('unknown', '5.7.1'),
    ],
    [
      'Mailgun: not yet',
      mailgun('failed', { severity: 'temporary', 'delivery-status': { code: 450 } }),
      { what: 'nothing' },
    ],
    [
      'Mailgun: bounced before',
      mailgun('failed', { severity: 'permanent', reason: 'suppress-bounce', 'delivery-status': { code: 605 } }),
      failed('unreachable'),
    ],
    ['Mailgun: complained', mailgun('complained'), { what: 'complained' }],
    ['Mailgun: unsubscribed', mailgun('unsubscribed'), { what: 'complained' }],
    ['Postmark: delivery', postmark('Delivery'), { what: 'delivered' }],
    ['Postmark: hard', postmark('Bounce', { Type: 'HardBounce', TypeCode: 1 }), failed('unreachable')],
    ['Postmark: soft', postmark('Bounce', { Type: 'SoftBounce', TypeCode: 4096 }), failed('delayed')],
    ['Postmark: an answering machine', postmark('Bounce', { Type: 'AutoResponder' }), { what: 'nothing' }],
    ['Postmark: spam', postmark('SpamComplaint'), { what: 'complained' }],
    [
      'Postmark: unsubscribed',
      postmark('SubscriptionChange', { SuppressSending: true, SuppressionReason: 'ManualSuppression' }),
      { what: 'complained' },
    ],
    ['Postmark: something new', postmark('Telepathy'), { what: 'unknown' }],
    ['Resend: clicked', resend('clicked'), { what: 'clicked' }],
    [
      'Resend: bounced',
      resend('bounced', { bounce: { type: 'Permanent', subType: 'General' } }),
      failed('unreachable'),
    ],
    ['Resend: for now', resend('bounced', { bounce: { type: 'Transient' } }), failed('delayed')],
    ['Resend: complained', resend('complained'), { what: 'complained' }],
    [
      'SES: bounce',
      ses('Bounce', { bounce: { bounceType: 'Permanent', bouncedRecipients: [{ status: '5.1.1' }] } }),
      failed('unreachable', '5.1.1'),
    ],
    [
      'SES: full',
      ses('Bounce', { bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } }),
      failed('delayed'),
    ],
    ['SES: complaint', ses('Complaint', { complaint: {} }), { what: 'complained' }],
    ['SES: an event', { ...ses(''), notificationType: undefined, eventType: 'Open' }, { what: 'opened' }],
    ['a shape that nobody knows', { happened: 'bounce', letter: ID }, { what: 'unknown' }],
  ])('%s', (_name, report, told) => {
    expect(readReport(report)).toMatchObject({ messageId: MESSAGE, attempt: 2, told });
  });

  test('is nothing without the id of a letter of ours', () => {
    for (const report of [sendgrid('bounce', { 'smtp-id': '<x@y>' }), 'bounce', null, 7, undefined, []])
      expect(readReport(report)).toBeUndefined();
  });

  test('names our letter because it went there with the provider’s own header, and nowhere else', () => {
    expect(namingHeaders('smtp.sendgrid.net', WORD)['X-SMTPAPI']).toContain(WORD);
    expect(namingHeaders('smtp.eu.mailgun.org', WORD)['X-Mailgun-Variables']).toContain(WORD);
    expect(namingHeaders('smtp.postmarkapp.com', WORD)['X-PM-Metadata-letter']).toBe(WORD);
    expect(namingHeaders('notsendgrid.net', WORD)).toEqual({});
  });
});

describe('an envelope of SNS', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const fetched: string[] = [];
  const sns = createSns(async (url) => {
    fetched.push(url.href);
    return pem;
  });
  const HOST = 'https://sns.eu-west-1.amazonaws.com';
  const envelope = (
    changes: Record<string, string> = {},
    names = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'],
  ) => {
    const fields: Record<string, string> = {
      ...{ Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message: '{"a":1}' },
      ...{ Timestamp: '2026-11-23T09:00:00.000Z', SignatureVersion: '2', SigningCertURL: `${HOST}/cert.pem` },
      ...changes,
    };
    const signed = names.map((name) => `${name}\n${fields[name]}\n`).join('');
    const digest = fields.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    return { ...fields, Signature: sign(digest, Buffer.from(signed), privateKey).toString('base64') };
  };

  test('gives its message when AWS signed it, by either signature', async () => {
    expect(await sns.open(envelope())).toEqual({ kind: 'message', message: { a: 1 } });
    expect(await sns.open(envelope({ SignatureVersion: '1' }))).toEqual({ kind: 'message', message: { a: 1 } });
    expect(fetched).toEqual([`${HOST}/cert.pem`]);
    expect(await sns.open({ ...envelope(), Message: '{"a":2}' })).toEqual({ kind: 'refused' });
  });

  test('has its certificate and its question nowhere but at AWS', async () => {
    const before = fetched.length;
    for (const address of [
      'https://evil.example/cert.pem',
      'http://sns.eu-west-1.amazonaws.com/cert.pem',
      'https://sns.eu-west-1.amazonaws.com.evil.example/cert.pem',
      'https://sns.eu-west-1.amazonaws.com:8443/cert.pem',
      'https://user@sns.eu-west-1.amazonaws.com/cert.pem',
      'https://s3.amazonaws.com/cert.pem',
    ])
      expect(await sns.open(envelope({ SigningCertURL: address }))).toEqual({ kind: 'refused' });
    const names = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const asked = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: 'https://evil.example/' };
    expect(await sns.open(envelope(asked, names))).toEqual({ kind: 'refused' });
    expect(fetched).toHaveLength(before);
    const SubscribeURL = `${HOST}/?Action=ConfirmSubscription&Token=t`;
    expect(await sns.open(envelope({ ...asked, SubscribeURL }, names))).toEqual({ kind: 'confirmed' });
    expect(fetched.at(-1)).toBe(SubscribeURL);
  });
});
