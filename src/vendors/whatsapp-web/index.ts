/** WhatsApp Web by whatsapp-web.js: linked phones as a gateway. The only room that knows the library. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KnownError } from '../../lib/errors.ts';
import type { Gateway } from '../../messaging/port.ts';
import type { PhoneHost, PhoneVendor } from '../../phones/port.ts';
import type { Trouble, WebClient } from './client.ts';
import { openLibrary } from './library.ts';
import { createLine, type Line } from './line.ts';
import { readMediaUrl } from './parse.ts';

export type { WebChat, WebClient, WebEvents, WebMessage } from './client.ts';
export { sweepFolders } from './folders.ts';

export interface WhatsAppWebOptions {
  machine: () => number;
  /** The browser to use; without it one is looked for on `searchPath`. */
  chromiumPath?: string | undefined;
  /** As the shell has it. */
  searchPath?: string | undefined;
  /** Chromium's own sandbox; root cannot use it. */
  chromiumSandbox?: boolean;
  /** Where sessions lie while their browsers run, in the clear. */
  folder?: string | undefined;
  /** Instead of the library: a stand-in of its client. */
  open?: ((phoneId: string, session: PhoneHost['session']) => Promise<WebClient>) | undefined;
  /** Total time of handing a message over. */
  sendMs?: number;
  /** How long WhatsApp Web may take to say how it is; one that is well needs milliseconds. */
  stateMs?: number;
  /** A client failed; what to do about it is decided by the host. */
  onTrouble?: Trouble;
}

const SEND_MS = 10_000;
const STATE_MS = 5000;
const FOLDER = path.join(tmpdir(), 'leadrescue-phones');

export function createWhatsAppWeb(options: WhatsAppWebOptions): Gateway & PhoneVendor {
  const { machine, sendMs = SEND_MS, stateMs = STATE_MS, folder = FOLDER, onTrouble: trouble = () => {} } = options;
  const lines = new Set<Line>();
  const chromium = {
    configured: options.chromiumPath,
    searchPath: options.searchPath ?? '',
    sandbox: options.chromiumSandbox ?? true,
  };
  const open = options.open ?? ((phoneId, session) => openLibrary({ chromium, folder, trouble }, phoneId, session));
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
      const line = createLine(client, host, { machine, sendMs, stateMs });
      lines.add(line);
      // it resolves when WhatsApp Web is there, or a code is shown; everything else comes by events
      client.initialize().catch((error) => {
        trouble(error, 'WhatsApp Web could not be opened');
        // where that cannot be written down now, the connection is found dead later
        host
          .ended({ kind: 'lost', why: 'no_connection' })
          .catch((why) => trouble(why, 'a phone could not be given up'));
      });
      const leave = (work: () => Promise<void>) => {
        lines.delete(line);
        return work();
      };
      return { lives: line.lives, logOut: () => leave(line.logOut), close: () => leave(line.close) };
    },
  };
}
