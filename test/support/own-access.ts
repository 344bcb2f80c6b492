import type { OwnGateways } from '../../src/messaging/index.ts';
import { createVendors } from '../../src/vendors.ts';
import { SINCH, startSinch, type TestSinch } from './sinch.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from './twilio.ts';

/** Access of a business's own, to Sinch, beside that of the platform, which is another app there. */
export interface OwnAccess {
  readonly sinch: TestSinch;
  readonly vendors: ReturnType<typeof createVendors>;
  /** For `openWorld`. */
  readonly own: OwnGateways;
  /** After the world is closed. */
  close(): Promise<void>;
}

export async function startOwnAccess(): Promise<OwnAccess> {
  const sinch = await startSinch();
  const vendors = createVendors({
    twilio: {
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      smsFrom: undefined,
      whatsappFrom: undefined,
      messagingServiceSid: undefined,
      apiUrl: 'http://127.0.0.1:1',
    },
    sinch: { ...SINCH, appId: 'platform-app', webhookSecret: 'platform-secret', apiUrl: sinch.url },
    mail: undefined,
    httpTimeoutMs: 1000,
    clock: { machine: Date.now, now: () => new Date() },
    local: true,
  });
  return {
    sinch,
    vendors,
    own: vendors.own(
      async () => {},
      () => {},
    ),
    async close() {
      await vendors.close();
      await sinch.stop();
    },
  };
}
