import { z } from 'zod';
import { DOOR_VARIABLES } from './config-doors.ts';
import { GATEWAY_VARIABLES } from './config-gateways.ts';
import { matching, plain, portNumber, url, type Variable } from './config-variable.ts';

/* What each variable of the environment is for, its form and an example; `.env.example` is written from it. */

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
  ...GATEWAY_VARIABLES,
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
