import type { Config, MailConfig, SinchConfig, TwilioConfig } from './config.ts';
import type { HttpDeps } from './http/index.ts';
import type { SourcePort } from './inbox/index.ts';
import type { Letter, OwnGateways, VendorGateway } from './messaging/index.ts';
import type { Credentials, SourceKind } from './tenants/index.ts';
import { createGoHighLevel, keysOf } from './vendors/gohighlevel/index.ts';
import { googleLeads } from './vendors/google/index.ts';
import { createFind } from './vendors/hooks/index.ts';
import { createMail, type Mail } from './vendors/mail/index.ts';
import { createMetaLeads } from './vendors/meta/index.ts';
import { createBucket } from './vendors/s3/index.ts';
import { createSinch } from './vendors/sinch/index.ts';
import { createTwilio } from './vendors/twilio/index.ts';

/*
 * The gateways of one process: the platform's, as the configuration says, and those that are opened with a tenant's own access.
 */

export interface VendorOptions {
  twilio: TwilioConfig;
  sinch?: SinchConfig | undefined;
  mail: MailConfig | undefined;
  httpTimeoutMs: number;
  clock: { machine(): number; now(): Date };
  /** The mail servers of businesses may be on this machine: in the sandbox only. */
  local: boolean;
  meta?: Config['meta'];
  gohighlevel?: Config['gohighlevel'];
}

export interface Vendors {
  /** By vendor. */
  platform: ReadonlyMap<string, VendorGateway>;
  mail: Mail | undefined;
  own(onLetter: (letter: Letter) => Promise<void>, onTrouble: (error: unknown) => void): OwnGateways;
  webhookSecrets(credentials: Credentials): HttpDeps['webhookSecrets'];
  /** How the leads of ads and other systems are read. */
  sourcePorts: ReadonlyMap<SourceKind, SourcePort>;
  close(): Promise<void>;
}

export function createVendors(options: VendorOptions): Vendors {
  const { httpTimeoutMs, clock } = options;
  const { machine } = clock;
  const twilio = createTwilio({ ...twilioOptions(options.twilio), httpTimeoutMs, machine });
  const sinch = options.sinch && createSinch({ ...options.sinch, httpTimeoutMs, machine });
  const mail = options.mail && createMail({ ...options.mail, machine, now: clock.now });
  const find = createFind({ local: options.local });
  const { meta, gohighlevel } = options;
  const metaLeads = meta && createMetaLeads(meta);
  const contacts = createGoHighLevel({ apiUrl: gohighlevel?.apiUrl });
  const platform = new Map<string, VendorGateway>([['twilio', twilio]]);
  if (sinch) platform.set('sinch', sinch);
  if (mail) platform.set('mail', mail);

  return {
    platform,
    mail,
    sourcePorts: new Map<SourceKind, SourcePort>([
      ['google', googleLeads],
      ['gohighlevel', contacts],
      ...(metaLeads ? [['meta', metaLeads] as const] : []),
    ]),
    own: (onLetter, onTrouble) => ({
      pulling: ['mail'],
      connect({ vendor, gatewayAccount, secrets }) {
        switch (vendor) {
          case 'twilio': {
            const { authToken = '', messagingServiceSid } = secrets;
            const access = {
              accountSid: gatewayAccount,
              authToken,
              ...(messagingServiceSid && { messagingServiceSid }),
            };
            const { apiUrl } = options.twilio;
            return createTwilio({ ...access, ...(apiUrl && { apiUrl }), httpTimeoutMs, machine });
          }
          case 'sinch': {
            const { projectId = '', keyId = '', keySecret = '', region } = secrets;
            return createSinch({
              projectId,
              appId: gatewayAccount,
              keyId,
              keySecret,
              region: region === 'us' || region === 'br' ? region : 'eu',
              apiUrl: options.sinch?.apiUrl,
              httpTimeoutMs,
              machine,
            });
          }
          case 'mail': {
            const { smtpUrl = '', imapUrl = '', from = '' } = secrets;
            const access = { smtpUrl, imapUrl, from, account: gatewayAccount };
            const own = createMail({ ...access, machine, now: clock.now, find });
            return { ...own, listen: () => own.watch(onLetter, onTrouble) };
          }
          default:
            return undefined;
        }
      },
    }),
    webhookSecrets: (credentials) => async (vendor, gatewayAccount) => {
      const given = await credentials.ofAccount(vendor, gatewayAccount);
      const secret = vendor === 'twilio' ? 'authToken' : 'webhookSecret';
      return [
        ...(vendor === 'twilio' && gatewayAccount === options.twilio.accountSid ? [options.twilio.authToken] : []),
        ...(vendor === 'sinch' && options.sinch?.appId === gatewayAccount ? [options.sinch.webhookSecret] : []),
        ...given.flatMap(({ secrets }) => secrets[secret] ?? []),
      ];
    },
    async close() {
      await Promise.all([...platform.values(), metaLeads, contacts].map((each) => each?.close?.()));
    },
  };
}

function twilioOptions(config: TwilioConfig) {
  const { accountSid, authToken, apiUrl, messagingServiceSid } = config;
  return { accountSid, authToken, ...(apiUrl && { apiUrl }), ...(messagingServiceSid && { messagingServiceSid }) };
}

/** What webhooks of other systems are signed with. */
export const signedByOf = ({ meta, gohighlevel }: Pick<Config, 'meta' | 'gohighlevel'>) => ({
  meta: meta && { appSecret: meta.appSecret, verifyToken: meta.verifyToken },
  gohighlevel: keysOf({ ed25519: gohighlevel?.ed25519Key, rsa: gohighlevel?.rsaKey }),
});

/** Where photos are stored, in the order in which buckets are written to. */
export function bucketsOf(config: Config['s3']) {
  return (config?.buckets ?? []).map((bucket) =>
    createBucket({ bucket, region: config?.region ?? '', endpoint: config?.endpoint }),
  );
}
