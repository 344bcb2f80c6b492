import { z } from 'zod';
import { DOOR_VARIABLES } from './config-doors.ts';
import { matching, plain, portNumber, url, type Variable } from './config-variable.ts';

/* What each variable of the environment is for, its form and an example; `.env.example` is written from it. */

/** WhatsApp's limit of new people, as its Manager shows it. */
const people = matching(/^\d{1,7}$/, 'must be a figure like 250, or 0 for no limit');

/** An address of a mail server. */
const server = (kind: 'smtp' | 'imap') =>
  z.url({ protocol: new RegExp(`^${kind}s?$`), message: `must start with ${kind}:// or ${kind}s://` }).optional();

export const VARIABLES: readonly Variable[] = [
  {
    name: 'NODE_ENV',
    group: 'Running',
    about: '`production` refuses stand-ins, generated keys and a privileged database role.',
    schema: plain,
  },
  {
    name: 'PORT',
    group: 'Running',
    about: 'Port to listen on.',
    example: '3000',
    schema: portNumber,
  },
  {
    name: 'PROBE_PORT',
    group: 'Running',
    about: 'Port on which a worker without a web part answers /healthz, /readyz and /metrics; none without it.',
    example: '3001',
    schema: portNumber,
  },
  {
    name: 'HOST',
    group: 'Running',
    about: 'Address to listen on: 127.0.0.1, in production 0.0.0.0.',
    example: '127.0.0.1',
    schema: plain,
  },
  {
    name: 'PUBLIC_URL',
    group: 'Running',
    about: 'Address under which the world reaches this server; Twilio signs it and customers open links on it.',
    example: 'https://leads.example.com',
    schema: url,
  },
  {
    name: 'DATA_DIR',
    group: 'Running',
    about: 'Folder of the embedded database and the generated keys.',
    example: '.data',
    schema: plain,
  },
  {
    name: 'LOG_LEVEL',
    group: 'Running',
    about: 'trace, debug, info, warn, error or silent; warn, in production info.',
    example: 'info',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).optional(),
  },
  {
    name: 'DATABASE_URL',
    group: 'Storage',
    about: 'PostgreSQL 16 or newer instead of the embedded server; the login owns the database and may create roles.',
    example: 'postgres://leadrescue:secret@db:5432/leadrescue',
    schema: matching(/^postgres(ql)?:\/\//, 'must start with postgres://'),
  },
  {
    name: 'MONGODB_URI',
    group: 'Storage',
    about: 'Moves the job store of Agenda to MongoDB.',
    example: 'mongodb://mongo:27017/leadrescue',
    schema: matching(/^mongodb(\+srv)?:\/\//, 'must start with mongodb://'),
  },
  {
    name: 'S3_BUCKET',
    group: 'Storage',
    about: 'Bucket for licence photos, which reach it encrypted. Without it they are in the database.',
    example: 'leadrescue-photos',
    schema: matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  },
  {
    name: 'S3_FAILOVER_BUCKET',
    group: 'Storage',
    about: 'Bucket in another region, written to while the first one does not answer.',
    example: 'leadrescue-photos-paris',
    schema: matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  },
  {
    name: 'S3_ENDPOINT',
    group: 'Storage',
    about: 'Address of another store that speaks S3.',
    example: 'https://s3.example.com',
    schema: url,
  },
  {
    name: 'AWS_REGION',
    group: 'Storage',
    about:
      "Region of S3_BUCKET. The bucket itself is asked all the same; credentials are found as Amazon's SDK finds them.",
    example: 'eu-north-1',
    schema: matching(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'must be a region like eu-north-1'),
  },
  {
    name: 'MASTER_KEYS',
    group: 'Storage',
    about:
      "Master keys, `id:base64` of 32 bytes, comma separated; the first encrypts, the others still open. Make one: node -p \"require('crypto').randomBytes(32).toString('base64')\"",
    example: 'k1:…',
    schema: matching(
      /^[\w-]+:[A-Za-z0-9+/]{43}=?(,[\w-]+:[A-Za-z0-9+/]{43}=?)*$/,
      'must be id:base64 of 32 bytes, comma separated',
    ),
  },
  {
    name: 'BACKUP_DIR',
    group: 'Storage',
    about:
      'Folder, best on another disk, in which the embedded database keeps its write-ahead log, sealed; `npm run backup -- create` adds base backups.',
    example: '/mnt/backup/leadrescue',
    schema: plain,
  },
  {
    name: 'AUDIT_SIGNING_KEY',
    group: 'Storage',
    about:
      "Ed25519 key that signs the heads of the audit log: PKCS#8 in base64, or PEM. Behind it, comma separated, earlier keys that are still trusted, private or public. Make one: node -p \"require('crypto').generateKeyPairSync('ed25519').privateKey.export({format:'der',type:'pkcs8'}).toString('base64')\"",
    example: 'MC4CAQAwBQYDK2Vw…',
    schema: matching(
      /^(-----BEGIN [A-Z ]*PRIVATE KEY-----|[A-Za-z0-9+/]{60,}=*(,|$))/,
      'must begin with a private key',
    ),
  },
  {
    name: 'SLACK_SIGNING_SECRET',
    group: 'Slack',
    about: 'Signing secret of the Slack app (requests over HTTP).',
    schema: plain,
  },
  {
    name: 'SLACK_BOT_TOKEN',
    group: 'Slack',
    about: 'Bot token of the one workspace. Without it a stand-in for Slack is used.',
    example: 'xoxb-…',
    schema: plain,
  },
  {
    name: 'SLACK_CLIENT_ID',
    group: 'Slack',
    about: 'With these three instead of a bot token, any workspace can install the app at /slack/install. Client id.',
    example: '1234567890.1234567890123',
    schema: plain,
  },
  {
    name: 'SLACK_CLIENT_SECRET',
    group: 'Slack',
    about: 'Client secret of the Slack app.',
    schema: plain,
  },
  {
    name: 'SLACK_STATE_SECRET',
    group: 'Slack',
    about:
      "Signs the way to Slack and back while a workspace installs the app. Make one: node -p \"require('crypto').randomBytes(32).toString('base64url')\"",
    schema: matching(/^.{16,}$/, 'must have at least 16 characters'),
  },
  {
    name: 'SLACK_APP_TOKEN',
    group: 'Slack',
    about: 'App-level token: socket mode instead of requests over HTTP.',
    example: 'xapp-…',
    schema: plain,
  },
  {
    name: 'SLACK_API_URL',
    group: 'Slack',
    about: "Replaces Slack's API, for tests.",
    example: 'https://slack.com/api/',
    schema: url,
  },
  {
    name: 'OPERATORS',
    group: 'Slack',
    about:
      'Who runs this server, as workspace and member of Slack: with several businesses, `/rescue status` shows them messages that belong to none.',
    example: 'T0123ABCD/U0123ABCD,T0123ABCD/U0456EFGH',
    schema: matching(
      /^\s*T\w+\/[UW]\w+(\s*,\s*T\w+\/[UW]\w+)*\s*$/,
      'must look like T0123ABCD/U0123ABCD, separated by commas',
    ),
  },
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
  {
    name: 'OPENAI_API_KEY',
    group: 'OpenAI',
    about: 'Key of the language model behind the assistant. Without it the assistant works by rules alone.',
    example: 'sk-…',
    schema: plain,
  },
  {
    name: 'OPENAI_BASE_URL',
    group: 'OpenAI',
    about: "Another service that speaks OpenAI's chat completions; ends with its version.",
    example: 'https://api.openai.com/v1',
    schema: url,
  },
  {
    name: 'OPENAI_MODEL',
    group: 'OpenAI',
    about: 'The model that is asked.',
    example: 'gpt-4.1-mini',
    schema: matching(/^[\w.:/-]{1,100}$/, 'must be the name of a model'),
  },
  ...DOOR_VARIABLES,
];
