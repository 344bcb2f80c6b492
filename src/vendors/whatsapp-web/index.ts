/** WhatsApp Web by whatsapp-web.js: linked phones as a gateway. The only room that knows the library. */
import { KnownError } from '../../lib/errors.ts';
import type { Gateway } from '../../messaging/port.ts';
import type { PhoneHost, PhoneVendor } from '../../phones/port.ts';
import type { WebClient } from './client.ts';
import { openLibrary } from './library.ts';
import { createLine, type Line } from './line.ts';
import { readMediaUrl } from './parse.ts';

export type { WebChat, WebClient, WebEvents, WebMessage } from './client.ts';

export interface WhatsAppWebOptions {
  machine: () => number;
  /** The browser to use; without it one is looked for on `searchPath`. */
  chromiumPath?: string | undefined;
  /** As the shell has it. */
  searchPath?: string | undefined;
  /** Chromium's own sandbox; root cannot use it. */
  chromiumSandbox?: boolean;
  /** Instead of the library: a stand-in of its client. */
  open?: ((phoneId: string, session: PhoneHost['session']) => Promise<WebClient>) | undefined;
  /** Total time of handing a message over. */
  sendMs?: number;
  /** A client could not be started; what to do about it is decided by the host. */
  onTrouble?: (error: unknown) => void;
}

const SEND_MS = 10_000;

export function createWhatsAppWeb(options: WhatsAppWebOptions): Gateway & PhoneVendor {
  const { machine, sendMs = SEND_MS } = options;
  const lines = new Set<Line>();
  const chromium = {
    configured: options.chromiumPath,
    searchPath: options.searchPath ?? '',
    sandbox: options.chromiumSandbox ?? true,
  };
  const open = options.open ?? ((phoneId, session) => openLibrary(chromium, phoneId, session));
  const lineOf = (sender: string) => [...lines].find(({ number }) => number === sender);

  function connected(sender: string): Line {
    const line = lineOf(sender);
    if (line) return line;
    throw new KnownError(
      'unavailable',
      'phone is not connected here',
      'The linked phone is not connected at the moment.',
    );
  }

  return {
    capabilities: { pulls: true, listsMessages: true, listsLate: true, confirmsStop: () => false },
    holds: (sender) => lineOf(sender) !== undefined,
    send: async (message, deadline) =>
      (await lineOf(message.from)?.send(message, deadline)) ?? {
        kind: 'not_written',
        detail: 'the phone is not connected',
      },
    findSent: async ({ to, from, createdAfter }) => connected(from).findSent(to, createdAfter),
    listInbound: async ({ to, since }) => connected(to).missed(since),
    async fetchMedia(url, maxBytes) {
      const place = readMediaUrl(url);
      if (!place) throw new KnownError('forbidden', 'no place in a phone', 'That is no file of a linked phone.');
      return connected(place.sender).file(place.messageId, maxBytes);
    },
    async connect(phoneId, host) {
      const client = await open(phoneId, host.session);
      const line = createLine(client, host, { machine, sendMs });
      lines.add(line);
      // it resolves when WhatsApp Web is there, or a code is shown; everything else comes by events
      client.initialize().catch((error) => {
        options.onTrouble?.(error);
        void host.ended({ kind: 'lost', why: 'no_connection' });
      });
      const leave = (work: () => Promise<void>) => {
        lines.delete(line);
        return work();
      };
      return { logOut: () => leave(line.logOut), close: () => leave(line.close) };
    },
  };
}
