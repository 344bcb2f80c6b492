import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import type { Gateway } from '../../messaging/port.ts';
import { digitsOf, nameOf, numberOf, type PhoneChannel } from './addresses.ts';
import type { App } from './app.ts';
import { contactMessage, wordsOf } from './parse.ts';
import { answerOf } from './problems.ts';
import type { Site } from './site.ts';

const PAGE_SIZE = 200;
const MAX_PAGES = 250;

const listed = z.object({
  id: z.string(),
  direction: z.string(),
  accept_time: z.coerce.date(),
  sender_id: z.string().catch(''),
  metadata: z.string().catch(''),
  channel_identity: z.object({ channel: z.string(), identity: z.string() }),
  app_message: z.object({ text_message: z.object({ text: z.string() }).optional() }).optional(),
  contact_message: contactMessage.optional(),
});
type Listed = z.infer<typeof listed>;

const page = z.object({ messages: z.array(listed).default([]), next_page_token: z.string().catch('') });

/** Reads Sinch's message list. */
export interface Reader {
  /** Newest first, page by page. More pages than we are ready to read is an error, not an end. */
  collect(channel: PhoneChannel, since: Date, query: Record<string, string>): Promise<Listed[]>;
  isFrom(message: Listed, sender: string): boolean;
}

export function createReader(site: Site, appId: string, app: App): Reader {
  async function collect(channel: PhoneChannel, since: Date, query: Record<string, string>): Promise<Listed[]> {
    const messages_source = await app.source();
    const found: Listed[] = [];
    let token = '';
    for (let count = 1; ; count++) {
      const params = new URLSearchParams({
        app_id: appId,
        messages_source,
        channel: nameOf(channel),
        start_time: since.toISOString(),
        page_size: String(PAGE_SIZE),
        view: 'WITH_METADATA',
        ...query,
        ...(token && { page_token: token }),
      });
      const path = `/v1/projects/${site.projectId}/messages?${params}`;
      const { messages, next_page_token } = answerOf(page, await site.read({ method: 'GET', path }), 'list messages');
      found.push(...messages);
      if (next_page_token === '') return found;
      if (count === MAX_PAGES) throw tooMany();
      token = next_page_token;
    }
  }

  /** WhatsApp senders belong to the app, so the list may leave them out; the app's id stands for whichever it has. */
  const isFrom = (message: Listed, sender: string) =>
    sender === appId || message.sender_id === '' || numberOf(message.sender_id) === sender;
  return { collect, isFrom };
}

/** What the list tells: what we sent, and what customers sent. */
export function createLists(appId: string, { collect, isFrom }: Reader): Pick<Gateway, 'findSent' | 'listInbound'> {
  return {
    async findSent({ channel, to, from, createdAfter }) {
      if (channel === 'email') throw noEmail();
      const found = await collect(channel, createdAfter, { channel_identity: digitsOf(to), direction: 'TO_CONTACT' });
      return found
        .filter((message) => message.direction === 'TO_CONTACT' && isFrom(message, from))
        .map((message) => {
          const ours = new URLSearchParams(message.metadata);
          const messageId = ours.get('message');
          return {
            gatewayId: message.id,
            body: message.app_message?.text_message?.text ?? '',
            status: 'accepted',
            createdAt: message.accept_time,
            // a template is listed without its words; our ids say more than they would
            ...(messageId && { ours: { messageId, attempt: Number(ours.get('attempt')) } }),
          };
        });
    },

    async listInbound({ channel, to, since }) {
      if (channel === 'email') throw noEmail();
      const found = await collect(channel, since, { direction: 'TO_APP' });
      return found
        .filter((message) => message.direction === 'TO_APP' && isFrom(message, to))
        .sort((a, b) => a.accept_time.getTime() - b.accept_time.getTime())
        .map((message) => ({
          gatewayId: message.id,
          accountSid: appId,
          channel,
          from: numberOf(message.channel_identity.identity),
          to,
          cameAt: message.accept_time,
          ...wordsOf(message.contact_message ?? {}),
        }));
    },
  };
}

function tooMany(): KnownError {
  const words = 'Sinch holds more messages than can be read at once. Sending waits; tell whoever runs LeadRescue.';
  return new KnownError('unavailable', `Sinch's message list is longer than ${MAX_PAGES} pages`, words);
}

export function noEmail(): KnownError {
  return new KnownError('internal', 'Sinch was asked for e-mail', 'E-mail does not go through Sinch.');
}
