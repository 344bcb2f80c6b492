import { type SlackConfig, slackOf, slackTogether } from './config-slack.ts';
import { VARIABLES } from './config-variables.ts';

/*
 * The environment, described once: what each variable is for, its form, its default. This is the only reader of
 * `process.env`; `.env.example` is written from it.
 */

export type { SlackConfig } from './config-slack.ts';

export interface Config {
  production: boolean;
  port: number;
  /** Where a worker answers probes. */
  probePort?: number | undefined;
  host: string;
  publicUrl: string;
  /** Who runs this server, as `T…/U…` of Slack. */
  operators: readonly string[];
  dataDir: string;
  logLevel: string;
  databaseUrl: string | undefined;
  mongodbUri: string | undefined;
  masterKeys: string | undefined;
  auditSigningKey?: string | undefined;
  /** Undefined: no write-ahead log is kept. */
  backupDir?: string | undefined;
  /** Undefined: a stand-in is used. */
  slack: SlackConfig | undefined;
  twilio: TwilioConfig | undefined;
  sinch?: SinchConfig | undefined;
  /** Undefined: no e-mail; the demo uses a stand-in. */
  mail?: MailConfig | undefined;
  /** Undefined: a browser is looked for on `searchPath`, which is the shell's PATH. */
  chromiumPath?: string | undefined;
  searchPath?: string | undefined;
  /** Undefined: the assistant works by rules. */
  openai?: OpenAiConfig | undefined;
  /** Undefined: photos are in the database. */
  s3?: S3Config | undefined;
  /** Undefined: leads of Meta's ads do not come here. */
  meta?: MetaConfig | undefined;
  gohighlevel?: GoHighLevelConfig | undefined;
}

export interface MetaConfig {
  appSecret: string;
  verifyToken: string;
  graphUrl: string | undefined;
}

/** What replaces the published address and keys. */
export interface GoHighLevelConfig {
  apiUrl: string | undefined;
  ed25519Key: string | undefined;
  rsaKey: string | undefined;
}

export interface S3Config {
  /** In the order they are written to. */
  buckets: readonly string[];
  region: string;
  endpoint: string | undefined;
}

export interface TwilioConfig {
  accountSid: string;
  authToken: string;
  smsFrom: string | undefined;
  whatsappFrom: string | undefined;
  messagingServiceSid: string | undefined;
  apiUrl: string | undefined;
  /** New people in 24 hours at most; null: no limit; left out: as it was entered in Slack. */
  newPeople?: number | null;
}

export interface SinchConfig {
  projectId: string;
  appId: string;
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  apiUrl: string | undefined;
  newPeople?: number | null;
}

export interface MailConfig {
  smtpUrl: string;
  imapUrl: string;
  from: string;
  dkim: { domain: string; selector: string; privateKey: string } | undefined;
}

export interface OpenAiConfig {
  apiKey: string;
  baseUrl: string | undefined;
  model: string | undefined;
}

/** Everything that is wrong with the environment, one line each, with the variable's name. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads and checks the environment; throws one `ConfigError` that lists every problem. Empty means not set. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const env: Record<string, string | undefined> = {};
  for (const variable of VARIABLES) {
    const raw = environment[variable.name]?.trim() || undefined;
    const parsed = variable.schema.safeParse(raw);
    if (parsed.success) env[variable.name] = parsed.data;
    else
      problems.push(
        `${variable.name} ${parsed.error.issues[0]?.message ?? 'is not valid'}${variable.example ? ` (for example ${variable.example})` : ''}.`,
      );
  }
  const production = env.NODE_ENV === 'production';
  problems.push(...together(env), ...(production ? forProduction(env) : []));
  if (problems.length > 0) throw new ConfigError(problems);

  const port = Number(env.PORT ?? 3000);
  const host = env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1');
  return {
    production,
    port,
    probePort: env.PROBE_PORT === undefined ? undefined : Number(env.PROBE_PORT),
    host,
    operators: env.OPERATORS?.split(',').map((each) => each.trim()) ?? [],
    publicUrl: (env.PUBLIC_URL ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`).replace(/\/+$/, ''),
    dataDir: env.DATA_DIR ?? '.data',
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    databaseUrl: env.DATABASE_URL,
    mongodbUri: env.MONGODB_URI,
    masterKeys: env.MASTER_KEYS,
    auditSigningKey: env.AUDIT_SIGNING_KEY,
    backupDir: env.BACKUP_DIR,
    slack: slackOf(env),
    twilio:
      env.TWILIO_ACCOUNT_SID && env.TWILIO_AUTH_TOKEN
        ? {
            accountSid: env.TWILIO_ACCOUNT_SID,
            authToken: env.TWILIO_AUTH_TOKEN,
            smsFrom: env.TWILIO_SMS_FROM,
            whatsappFrom: env.TWILIO_WHATSAPP_FROM?.replace(/^whatsapp:/, ''),
            messagingServiceSid: env.TWILIO_MESSAGING_SERVICE_SID,
            apiUrl: env.TWILIO_API_URL,
            ...newPeopleOf(env.TWILIO_WHATSAPP_NEW_PEOPLE),
          }
        : undefined,
    sinch: sinchOf(env),
    mail: mailOf(env),
    chromiumPath: env.CHROMIUM_PATH,
    searchPath: environment.PATH,
    openai: env.OPENAI_API_KEY
      ? { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL, model: env.OPENAI_MODEL }
      : undefined,
    meta:
      env.META_APP_SECRET && env.META_VERIFY_TOKEN
        ? { appSecret: env.META_APP_SECRET, verifyToken: env.META_VERIFY_TOKEN, graphUrl: env.META_GRAPH_URL }
        : undefined,
    gohighlevel: {
      apiUrl: env.GOHIGHLEVEL_API_URL,
      ed25519Key: env.GOHIGHLEVEL_ED25519_KEY,
      rsaKey: env.GOHIGHLEVEL_RSA_KEY,
    },
    s3: env.S3_BUCKET
      ? {
          buckets: [env.S3_BUCKET, ...(env.S3_FAILOVER_BUCKET ? [env.S3_FAILOVER_BUCKET] : [])],
          region: env.AWS_REGION ?? 'eu-north-1',
          endpoint: env.S3_ENDPOINT,
        }
      : undefined,
  };
}

const SINCH = ['SINCH_PROJECT_ID', 'SINCH_APP_ID', 'SINCH_KEY_ID', 'SINCH_KEY_SECRET', 'SINCH_WEBHOOK_SECRET'] as const;

function sinchOf(env: Record<string, string | undefined>): SinchConfig | undefined {
  const [projectId, appId, keyId, keySecret, webhookSecret] = SINCH.map((name) => env[name]);
  if (!projectId || !appId || !keyId || !keySecret || !webhookSecret) return undefined;
  return {
    projectId,
    appId,
    keyId,
    keySecret,
    webhookSecret,
    apiUrl: env.SINCH_API_URL,
    ...newPeopleOf(env.SINCH_WHATSAPP_NEW_PEOPLE),
  };
}

const newPeopleOf = (figure: string | undefined): { newPeople?: number | null } =>
  figure === undefined ? {} : { newPeople: Number(figure) || null };

function mailOf(env: Record<string, string | undefined>): MailConfig | undefined {
  const { SMTP_URL: smtpUrl, IMAP_URL: imapUrl, MAIL_FROM: from } = env;
  if (!smtpUrl || !imapUrl || !from) return undefined;
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_PRIVATE_KEY: key } = env;
  const dkim = domain && selector && key ? { domain, selector, privateKey: key.replaceAll('\\n', '\n') } : undefined;
  return { smtpUrl, imapUrl, from: from.toLowerCase(), dkim };
}

/** Variables that only make sense with others. */
function together(env: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const needs = (name: string, other: string, why: string) => {
    if (env[name] && !env[other]) problems.push(`${other} is missing: ${name} is set, and ${why}.`);
  };
  needs('TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'Twilio wants both');
  needs('TWILIO_AUTH_TOKEN', 'TWILIO_ACCOUNT_SID', 'Twilio wants both');
  if (env.TWILIO_ACCOUNT_SID && !env.TWILIO_SMS_FROM && !env.TWILIO_WHATSAPP_FROM) {
    problems.push('TWILIO_SMS_FROM or TWILIO_WHATSAPP_FROM is missing: Twilio is connected, but there is no sender.');
  }
  for (const name of ['TWILIO_SMS_FROM', 'TWILIO_WHATSAPP_FROM', 'TWILIO_MESSAGING_SERVICE_SID', 'TWILIO_API_URL']) {
    needs(name, 'TWILIO_ACCOUNT_SID', 'it belongs to a Twilio account');
  }
  needs('TWILIO_WHATSAPP_NEW_PEOPLE', 'TWILIO_WHATSAPP_FROM', 'it limits a WhatsApp sender');
  for (const name of ['OPENAI_BASE_URL', 'OPENAI_MODEL']) needs(name, 'OPENAI_API_KEY', 'it belongs to a key');
  for (const name of ['S3_FAILOVER_BUCKET', 'S3_ENDPOINT']) needs(name, 'S3_BUCKET', 'it stands beside a bucket');
  if (env.S3_BUCKET && env.S3_BUCKET === env.S3_FAILOVER_BUCKET)
    problems.push('S3_FAILOVER_BUCKET must be another bucket than S3_BUCKET.');
  needs('META_APP_SECRET', 'META_VERIFY_TOKEN', 'Meta asks for it before it sends anything');
  for (const name of ['META_VERIFY_TOKEN', 'META_GRAPH_URL']) needs(name, 'META_APP_SECRET', 'it belongs to an app');
  problems.push(...slackTogether(env));
  const sinch = SINCH.find((name) => env[name]);
  for (const name of SINCH) if (sinch) needs(sinch, name, 'Sinch wants all five');
  for (const name of ['SINCH_WHATSAPP_NEW_PEOPLE', 'SINCH_API_URL']) {
    needs(name, 'SINCH_PROJECT_ID', 'it belongs to a project at Sinch');
  }
  needs('SMTP_URL', 'MAIL_FROM', 'letters come from somebody');
  needs('SMTP_URL', 'IMAP_URL', 'customers answer to it; a stop must be read');
  for (const name of ['MAIL_FROM', 'IMAP_URL', 'DKIM_DOMAIN']) {
    needs(name, 'SMTP_URL', 'it belongs to a mail server');
  }
  for (const name of ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY']) {
    for (const other of ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY']) {
      if (other !== name) needs(name, other, 'a signature wants all three');
    }
  }
  return problems;
}

function forProduction(env: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const demand = (name: string, why: string) => {
    if (!env[name]) problems.push(`${name} is missing: ${why}.`);
  };
  demand('MASTER_KEYS', 'production does not encrypt with a key that was made up at start');
  demand('AUDIT_SIGNING_KEY', 'production does not seal its audit log with a key that was made up at start');
  demand('PUBLIC_URL', 'links and signatures need the address that the world uses');
  if (!env.SLACK_CLIENT_ID) demand('SLACK_BOT_TOKEN', 'production does not run on a stand-in for Slack');
  demand('TWILIO_ACCOUNT_SID', 'production does not run on a stand-in for Twilio');
  return problems;
}
