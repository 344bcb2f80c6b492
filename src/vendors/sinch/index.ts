/** Sinch: SMS and WhatsApp through the Conversation API. The only room that knows Sinch's shapes, codes and signatures. */
import type { Gateway, TemplateGateway } from '../../messaging/port.ts';
import { createApp } from './app.ts';
import { createForget } from './forget.ts';
import { createLists, createReader } from './lists.ts';
import { createMedia } from './media.ts';
import { createSend } from './send.ts';
import { createSite, type Region } from './site.ts';
import { createTemplates } from './templates.ts';

export { appOf, parseCallback } from './parse.ts';
export { verifySignature } from './signature.ts';
export type { Region } from './site.ts';

/** Total time for one picture or voice note. */
const MEDIA_MS = 15_000;

export interface SinchOptions {
  projectId: string;
  appId: string;
  keyId: string;
  keySecret: string;
  /** Where the app was made; `eu` unless given. */
  region?: Region | undefined;
  /** Replaces the origin of every Sinch host, auth too. */
  apiUrl?: string | undefined;
  /** Bounds the wait for a connection, and from the write on the wait for the whole answer. */
  httpTimeoutMs?: number;
  /** At least as many as messages are sent at once, so that no send waits behind another. */
  connections?: number;
  machine: () => number;
}

export interface Sinch extends Gateway {
  readonly templates: TemplateGateway;
  /** Proves that the app is the project's, and keeps what its list is asked for. Throws `misconfigured`. */
  tryAccess(): Promise<void>;
  /** Waits for calls in flight, then closes the connections. */
  close(): Promise<void>;
}

export function createSinch(options: SinchOptions): Sinch {
  const { appId, region = 'eu', httpTimeoutMs: timeoutMs = 5000, connections = 128 } = options;
  const origin = options.apiUrl ? new URL(options.apiUrl).origin : undefined;
  const site = createSite({ ...options, region, origin, timeoutMs, connections });
  const app = createApp(site, appId, options.machine);
  const reader = createReader(site, appId, app);
  return {
    capabilities: { listsMessages: true, confirmsStop: () => false },
    send: createSend(site, appId),
    ...createLists(appId, reader),
    ...createForget(site, app, reader),
    ...createMedia(origin, MEDIA_MS),
    templates: createTemplates(site),
    tryAccess: async () => void (await app.source()),
    close: site.close,
  };
}
