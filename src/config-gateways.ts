import { z } from 'zod';
import { matching, plain, url, type Variable } from './config-variable.ts';

/* The gateways by which messages leave: Twilio, a linked phone, Sinch, mail servers. */

/** WhatsApp's limit of new people, as its Manager shows it. */
const people = matching(/^\d{1,7}$/, 'must be a figure like 250, or 0 for no limit');

/** An address of a mail server. */
const server = (kind: 'smtp' | 'imap') =>
  z.url({ protocol: new RegExp(`^${kind}s?$`), message: `must start with ${kind}:// or ${kind}s://` }).optional();

export const GATEWAY_VARIABLES: readonly Variable[] = [
  {
    name: 'TWILIO_ACCOUNT_SID',
    group: 'Twilio',
    about: 'Account. Without it a stand-in for Twilio is used.',
    example: 'AC…',
    schema: matching(/^AC[0-9A-Za-z]{8,}$/, 'must start with AC'),
  },
  {
    name: 'TWILIO_AUTH_TOKEN',
    group: 'Twilio',
    about: "The account's primary auth token; Twilio signs its requests with it.",
    schema: plain,
  },
  {
    name: 'TWILIO_SMS_FROM',
    group: 'Twilio',
    about: 'Sender of SMS.',
    example: '+46700000001',
    schema: matching(/^\+\d{6,15}$/, 'must be a number like +46700000001'),
  },
  {
    name: 'TWILIO_WHATSAPP_FROM',
    group: 'Twilio',
    about: 'WhatsApp sender.',
    example: '+46700000002',
    schema: matching(/^(whatsapp:)?\+\d{6,15}$/, 'must be a number like +46700000002'),
  },
  {
    name: 'TWILIO_WHATSAPP_NEW_PEOPLE',
    group: 'Twilio',
    about:
      'New people in 24 hours that WhatsApp lets these numbers write to ("Messaging limits"); 0: no limit. Without it what admins enter counts.',
    example: '250',
    schema: people,
  },
  {
    name: 'TWILIO_MESSAGING_SERVICE_SID',
    group: 'Twilio',
    about: 'Messaging Service for SMS.',
    example: 'MG…',
    schema: matching(/^MG[0-9A-Za-z]{8,}$/, 'must start with MG'),
  },
  {
    name: 'TWILIO_API_URL',
    group: 'Twilio',
    about: 'Replaces the origin of every Twilio host, for tests.',
    example: 'https://api.twilio.com',
    schema: url,
  },
  {
    name: 'CHROMIUM_PATH',
    group: 'WhatsApp by a linked phone',
    about:
      'Chromium or Chrome for WhatsApp Web, where the one on PATH is not to be used. Nothing runs until a phone is linked.',
    example: '/usr/bin/chromium',
    schema: plain,
  },
  {
    name: 'SINCH_PROJECT_ID',
    group: 'Sinch',
    about: 'Project at Sinch. Its SMS and WhatsApp take over where Twilio fails.',
    example: '01234567-89ab-cdef-0123-456789abcdef',
    schema: matching(/^[\w-]{4,64}$/, 'must be the id of a project'),
  },
  {
    name: 'SINCH_APP_ID',
    group: 'Sinch',
    about: 'App of the Conversation API, made in the region eu; its webhook goes to /webhooks/sinch.',
    example: '01ABCDEFGHJKMNPQRSTVWXYZ00',
    schema: matching(/^[\w-]{4,64}$/, 'must be the id of an app'),
  },
  { name: 'SINCH_KEY_ID', group: 'Sinch', about: 'Access key of the project: its id.', schema: plain },
  { name: 'SINCH_KEY_SECRET', group: 'Sinch', about: 'Access key of the project: its secret.', schema: plain },
  {
    name: 'SINCH_WEBHOOK_SECRET',
    group: 'Sinch',
    about: "Secret set on the app's webhook; callbacks are signed with it.",
    schema: plain,
  },
  {
    name: 'SINCH_WHATSAPP_NEW_PEOPLE',
    group: 'Sinch',
    about: 'The same limit for the WhatsApp numbers of the app.',
    example: '250',
    schema: people,
  },
  {
    name: 'SINCH_API_URL',
    group: 'Sinch',
    about: 'Replaces the origin of every Sinch host, auth too, for tests.',
    example: 'https://eu.conversation.api.sinch.com',
    schema: url,
  },
  {
    name: 'SMTP_URL',
    group: 'E-mail',
    about:
      'Server that takes our letters: `smtp://` begins with STARTTLS, `smtps://` with TLS. Without it there is no e-mail; the demo uses a stand-in.',
    example: 'smtp://user:password@mail.example.com:587',
    schema: server('smtp'),
  },
  {
    name: 'MAIL_FROM',
    group: 'E-mail',
    about: "Mailbox that letters come from; the tenant's name stands beside it.",
    example: 'hello@leads.example.com',
    schema: matching(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'must be a mailbox like hello@leads.example.com'),
  },
  {
    name: 'IMAP_URL',
    group: 'E-mail',
    about: 'The same mailbox for reading: answers, a stop among them, and bounces. `imap://` begins with STARTTLS.',
    example: 'imaps://user:password@mail.example.com:993',
    schema: server('imap'),
  },
  {
    name: 'DKIM_DOMAIN',
    group: 'E-mail',
    about: 'Domain that signs letters, where the server does not do it.',
    example: 'leads.example.com',
    schema: plain,
  },
  {
    name: 'DKIM_SELECTOR',
    group: 'E-mail',
    about: 'Names the key in DNS: `<selector>._domainkey.<domain>`.',
    example: 'mail',
    schema: plain,
  },
  {
    name: 'DKIM_PRIVATE_KEY',
    group: 'E-mail',
    about: 'The private key, PEM; line breaks may be written as \\n.',
    example: '-----BEGIN PRIVATE KEY-----\\n…',
    schema: matching(/^-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'must be a private key in PEM'),
  },
];
