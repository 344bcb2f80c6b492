import { describe, expect, test } from '@jest/globals';
import { newSigningKey } from '../../src/audit/index.ts';
import { ConfigError, readConfig } from '../../src/config.ts';

function problems(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const KEY = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
const PRODUCTION = {
  NODE_ENV: 'production',
  MASTER_KEYS: KEY,
  AUDIT_SIGNING_KEY: newSigningKey(),
  PUBLIC_URL: 'https://leads.example.com',
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 's',
  TWILIO_ACCOUNT_SID: 'AC0123456789abcdef',
  TWILIO_AUTH_TOKEN: 't',
  TWILIO_SMS_FROM: '+46700000001',
};

describe('the configuration', () => {
  test('needs nothing at all for the demo', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      slack: undefined,
      twilio: undefined,
    });
  });

  test('says everything that is wrong at once, with the names', () => {
    const found = problems({
      PORT: 'x',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://a',
      TWILIO_ACCOUNT_SID: 'AC0123456789abcdef',
      SLACK_BOT_TOKEN: 'xoxb-1',
    });
    for (const name of [
      'PORT',
      'LOG_LEVEL',
      'DATABASE_URL',
      'TWILIO_AUTH_TOKEN',
      'TWILIO_SMS_FROM',
      'SLACK_SIGNING_SECRET',
    ]) {
      expect(found.some((problem) => problem.startsWith(name))).toBe(true);
    }
  });

  test.each(['0', '65536', '3000a'])('a port is no port: %s', (PORT) => {
    expect(problems({ PORT })).toEqual(['PORT must be a port number, 1 to 65535 (for example 3000).']);
  });

  test.each(['MASTER_KEYS', 'AUDIT_SIGNING_KEY', 'PUBLIC_URL', 'SLACK_BOT_TOKEN', 'TWILIO_ACCOUNT_SID'])(
    'production refuses to start without %s',
    (name) => {
      expect(problems(PRODUCTION)).toEqual([]);
      expect(problems({ ...PRODUCTION, [name]: '' }).some((problem) => problem.startsWith(name))).toBe(true);
    },
  );

  test('Slack is one workspace by its token, or all that install the app: one or the other, and whole', () => {
    const oauth = { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'c', SLACK_STATE_SECRET: 'sixteen-characters' };
    const many = { ...oauth, SLACK_SIGNING_SECRET: 's' };
    expect(readConfig(many).slack).toMatchObject({
      botToken: undefined,
      oauth: { clientId: '1.2', clientSecret: 'c', stateSecret: 'sixteen-characters' },
    });
    expect(problems({ ...PRODUCTION, SLACK_BOT_TOKEN: '', ...many })).toEqual([]);
    for (const name of Object.keys(many)) {
      expect(problems({ ...many, [name]: '' })).toEqual([expect.stringMatching(new RegExp(`^${name} is missing`))]);
    }
    expect(problems({ ...many, SLACK_BOT_TOKEN: 'xoxb-1' })).toEqual([expect.stringContaining('one or the other')]);
    expect(problems({ ...many, SLACK_APP_TOKEN: 'xapp-1' })).toEqual([expect.stringContaining('socket mode')]);
    expect(problems({ ...many, SLACK_STATE_SECRET: 'short' })[0]).toContain('at least 16');
  });

  test('WhatsApp’s limit of the platform’s numbers is a figure, none, or what admins enter', () => {
    const limit = (TWILIO_WHATSAPP_NEW_PEOPLE: string) =>
      readConfig({ ...PRODUCTION, TWILIO_WHATSAPP_FROM: '+46700000002', TWILIO_WHATSAPP_NEW_PEOPLE }).twilio?.newPeople;
    expect([limit('250'), limit('0'), limit('')]).toEqual([250, null, undefined]);
    expect(problems({ ...PRODUCTION, TWILIO_WHATSAPP_NEW_PEOPLE: '250' })).toEqual([
      expect.stringMatching(/^TWILIO_WHATSAPP_FROM is missing/),
    ]);
    expect(problems({ ...PRODUCTION, SINCH_WHATSAPP_NEW_PEOPLE: 'many' })[0]).toMatch(/^SINCH_WHATSAPP_NEW_PEOPLE/);
  });

  test('production listens on all addresses', () => {
    expect(readConfig(PRODUCTION)).toMatchObject({ host: '0.0.0.0', production: true });
  });

  test('an audit key is a private key, with earlier ones behind it', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\\nMC4C\\n-----END PRIVATE KEY-----';
    for (const key of [newSigningKey(), `${newSigningKey()},${newSigningKey()}`, pem]) {
      expect(readConfig({ AUDIT_SIGNING_KEY: key }).auditSigningKey).toBe(key);
    }
    expect(problems({ AUDIT_SIGNING_KEY: 'secret' })).toEqual([expect.stringMatching(/^AUDIT_SIGNING_KEY/)]);
  });

  test('a master key that is not 32 bytes is refused', () => {
    expect(problems({ MASTER_KEYS: 'k1:short' })).toEqual([expect.stringMatching(/^MASTER_KEYS/)]);
  });
});
