/** Twilio: SMS and WhatsApp. The only room that knows Twilio's shapes, codes and signatures. */
import { createHttpPool } from '../../lib/http.ts';
import type { Gateway, TemplateGateway } from '../../messaging/port.ts';
import { createForget } from './forget.ts';
import { createLists, createReader } from './lists.ts';
import { createMedia } from './media.ts';
import { createSend } from './send.ts';
import { createSite } from './site.ts';
import { createTemplates } from './templates.ts';

export { senderOf } from './addresses.ts';
export { isForeign, parseInbound, parseStatus } from './parse.ts';
export { verifySignature } from './signature.ts';

const API = 'https://api.twilio.com';
const CONTENT = 'https://content.twilio.com';
/** Lists and templates have few connections of their own, so that they never take one from a send. */
const READ_CONNECTIONS = 8;
/** Total time for one picture or voice note. */
const MEDIA_MS = 15_000;

export interface TwilioOptions {
  accountSid: string;
  authToken: string;
  /** Replaces the origin of every Twilio host; a stand-in's address, for instance. */
  apiUrl?: string;
  /** SMS go out through this service, from the sender given with each message. */
  messagingServiceSid?: string;
  /** Bounds the wait for a connection, and from the write on the wait for the whole answer. */
  httpTimeoutMs?: number;
  /** At least as many as messages are sent at once, so that no send waits behind another. */
  connections?: number;
  machine: () => number;
}

export interface Twilio extends Gateway {
  readonly templates: TemplateGateway;
  /** Waits for calls in flight, then closes the connections. */
  close(): Promise<void>;
}

export function createTwilio(options: TwilioOptions): Twilio {
  const { accountSid, authToken, machine, httpTimeoutMs: timeoutMs = 5000, connections = 128 } = options;
  const origin = options.apiUrl ? new URL(options.apiUrl).origin : undefined;
  const api = createSite(accountSid, authToken, origin ?? API);
  const content = createSite(accountSid, authToken, origin ?? CONTENT);

  const sends = createHttpPool({ origin: api.origin, connections, timeoutMs, machine });
  const reads = createHttpPool({ origin: api.origin, connections: READ_CONNECTIONS, timeoutMs, machine });
  const contents = createHttpPool({ origin: content.origin, connections: READ_CONNECTIONS, timeoutMs, machine });

  const reader = createReader(api, reads);

  return {
    capabilities: {
      listsMessages: true,
      // Default opt-out handling covers SMS senders; on WhatsApp nobody answers a STOP but us.
      confirmsStop: (channel) => channel === 'sms',
    },
    send: createSend(api, sends, options.messagingServiceSid),
    ...createLists(reader),
    ...createForget(api, reads, reader),
    ...createMedia(api, { origin, timeoutMs: MEDIA_MS }),
    templates: createTemplates(content, contents),
    async close() {
      await Promise.all([sends.close(), reads.close(), contents.close()]);
    },
  };
}
