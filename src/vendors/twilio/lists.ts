import { KnownError } from '../../lib/errors.ts';
import type { HttpPool } from '../../lib/http.ts';
import type { Gateway, InboundMessage, ListedMessage, Price } from '../../messaging/port.ts';
import { parseAddress, senderOf } from './addresses.ts';
import { statusOf } from './codes.ts';
import { listedMedia } from './media.ts';
import { MAX_MEDIA } from './parse.ts';
import { replyOrThrow } from './problems.ts';
import { type MessageInstance, messagesOf, type Page, type SdkRequest, type SdkResponse } from './sdk.ts';
import { encodeForm, type Site } from './site.ts';

const PAGE_SIZE = 200;
const MAX_PAGES = 250;
/** Messages among which one with a price is looked for. */
const PRICED = 20;
/** What Twilio puts before each text while an account is on trial. */
const TRIAL_PREFIX = 'Sent from your Twilio trial account - ';

type Lists = Required<Pick<Gateway, 'findSent' | 'listInbound' | 'lastPrice'>>;

/** Reads Twilio's message list page by page. */
export interface Reader {
  messages: ReturnType<typeof messagesOf>;
  /** Pages from the newest on until `enough` says so. More pages than we are ready to read is an error, not an end. */
  collect(query: object, enough: (page: MessageInstance[]) => boolean): Promise<MessageInstance[]>;
}

export function createReader(site: Site, pool: HttpPool): Reader {
  async function request({ uri, params }: SdkRequest): Promise<SdkResponse> {
    const path = uri.slice(site.origin.length) + (params ? `?${encodeForm(params)}` : '');
    const reply = replyOrThrow(await pool.call({ method: 'GET', path, headers: site.readHeaders }), 'list messages');
    return { statusCode: reply.status, body: reply.body };
  }
  const messages = messagesOf(site.accountSid, site.origin, request);

  async function collect(query: object, enough: (page: MessageInstance[]) => boolean): Promise<MessageInstance[]> {
    const found: MessageInstance[] = [];
    let page: Page = await messages.page({ ...query, pageSize: PAGE_SIZE });
    for (let count = 1; ; count++) {
      found.push(...page.instances);
      const next = enough(page.instances) ? undefined : page.nextPage();
      if (!next) return found;
      if (count === MAX_PAGES) throw tooMany();
      page = await next;
    }
  }
  return { messages, collect };
}

/** What the list tells: what we sent, and what customers sent. */
export function createLists({ messages, collect }: Reader): Lists {
  return {
    async findSent({ channel, to, from, createdAfter }) {
      if (channel === 'email') throw noEmail();
      // The list knows whole seconds. No DateSent filter: what is still queued has no such date and would be missed.
      const since = Math.floor(createdAfter.getTime() / 1000) * 1000;
      const isOlder = (message: MessageInstance) => message.dateCreated.getTime() < since;
      const query = { to: senderOf(channel, to), from: senderOf(channel, from) };
      const found = await collect(query, (page) => page.length > 0 && page.every(isOlder));
      return found.filter((message) => !isOlder(message)).map(toListed);
    },

    async lastPrice({ channel, from }) {
      if (channel === 'email') throw noEmail();
      const page = await messages.page({ from: senderOf(channel, from), pageSize: PRICED });
      return page.instances.map(priceOf).find((price) => price !== undefined) ?? null;
    },

    async listInbound({ channel, to, since }) {
      if (channel === 'email') throw noEmail();
      const found = await collect({ to: senderOf(channel, to), dateSentAfter: since }, () => false);
      return found
        .filter((message) => message.direction === 'inbound')
        .sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime())
        .flatMap(toInbound);
    },
  };
}

function toListed(message: MessageInstance): ListedMessage {
  const body = message.body ?? '';
  return {
    gatewayId: message.sid,
    body: body.startsWith(TRIAL_PREFIX) ? body.slice(TRIAL_PREFIX.length) : body,
    status: statusOf(message.status) ?? 'accepted',
    createdAt: message.dateCreated,
  };
}

/** Twilio sets a price once a message has left, as an amount taken off the balance, over all parts of it. */
function priceOf({ price, priceUnit, numSegments }: MessageInstance): Price | undefined {
  const amount = Math.abs(Number(price ?? Number.NaN)) / Math.max(1, Number(numSegments) || 1);
  const currency = priceUnit?.toUpperCase() ?? '';
  return Number.isFinite(amount) && /^[A-Z]{3}$/.test(currency) ? { amount, currency } : undefined;
}

function toInbound(message: MessageInstance): InboundMessage[] {
  const from = parseAddress(message.from);
  const to = parseAddress(message.to);
  if (!from || !to) return [];
  return [
    {
      gatewayId: message.sid,
      accountSid: message.accountSid,
      channel: from.channel,
      from: from.number,
      to: to.number,
      body: message.body ?? '',
      cameAt: message.dateCreated,
      media: listedMedia(message.accountSid, message.sid, Math.min(Number(message.numMedia) || 0, MAX_MEDIA)),
    },
  ];
}

function tooMany(): KnownError {
  return new KnownError(
    'unavailable',
    `Twilio's message list is longer than ${MAX_PAGES} pages`,
    'Twilio holds more messages than can be read at once. Sending waits; tell whoever runs LeadRescue.',
  );
}

export function noEmail(): KnownError {
  return new KnownError('internal', 'Twilio was asked for e-mail', 'E-mail does not go through Twilio.');
}
