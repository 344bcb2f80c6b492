import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import type { Gateway, InboundMessage } from '../../messaging/port.ts';
import type { Site } from './site.ts';

/** Hosts that a `MediaUrl` of a webhook may name: the only ones that get our credentials. */
const SOURCE = /^api(\.[a-z0-9-]+){0,2}\.twilio\.com$/;
/**
 * Where those send us on, always: Twilio's own CDN, or its bucket at Amazon (https://www.twilio.com/docs/messaging/api/
 * media-resource; seen: mms.twiliocdn.com, media.twiliocdn.com, s3-external-1.amazonaws.com/media.twiliocdn.com/…).
 */
const CDN = /(^|\.)(twiliocdn|twilio)\.com$/;
const BUCKET = /^(s3[a-z0-9.-]*)\.amazonaws\.com$/;
const BUCKET_PATH = /^\/(media|mms)\.twiliocdn\.com\//;
/** One of a message's media, or (when the message was listed) the list of them; nothing else of the API is read here. */
const MEDIA_PATH = /^\/2010-04-01\/Accounts\/\w+\/Messages\/\w+\/Media(\/\w+|\.json)$/;
const LIST = '.json';
const LIST_BYTES = 64 * 1024;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface MediaOptions {
  /** Replaces the origin of every Twilio host. */
  origin: string | undefined;
  /** Total time of one request, its body included. */
  timeoutMs: number;
}

/** Fetching a customer's media: from Twilio with our credentials, then from its CDN without them. */
export function createMedia(site: Site, { origin, timeoutMs }: MediaOptions): Pick<Gateway, 'fetchMedia'> {
  /** The address to ask; where Twilio is replaced, its hosts are as well. */
  function allowed(address: string, isTwilios: (url: URL) => boolean): URL {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url && origin !== undefined && url.origin === origin) return url;
    if (url?.protocol !== 'https:' || url.port !== '' || !isTwilios(url)) throw foreign(url?.hostname ?? '');
    return origin === undefined ? url : new URL(`${origin}${url.pathname}${url.search}${url.hash}`);
  }

  async function get(url: URL, headers: Record<string, string>): Promise<Response> {
    const signal = AbortSignal.timeout(timeoutMs);
    return fetch(url, { headers, redirect: 'manual', signal }).catch((error: unknown) => {
      throw unavailable('no answer', error);
    });
  }

  const { authorization = '' } = site.readHeaders;

  /** The address of one of the media, which the list of them names by its place (`#1`). */
  async function listed(list: URL): Promise<URL> {
    const response = await get(list, { authorization, accept: 'application/json' });
    const { media_list } = mediaList.parse(JSON.parse((await bodyOf(response, LIST_BYTES)).toString()));
    const sid = media_list[Number(list.hash.slice(1))]?.sid;
    if (sid === undefined) throw refusal(404);
    return new URL(`${list.origin}${list.pathname.slice(0, -LIST.length)}/${sid}`);
  }

  return {
    async fetchMedia(address, maxBytes) {
      const named = allowed(address, ({ hostname }) => SOURCE.test(hostname));
      if (!MEDIA_PATH.test(named.pathname)) throw foreign(named.hostname);
      const source = named.pathname.endsWith(LIST) ? await listed(named) : named;
      let response = await get(source, { authorization, 'user-agent': 'leadrescue' });
      if (REDIRECTS.has(response.status)) {
        await response.body?.cancel();
        const next = new URL(response.headers.get('location') ?? '', source).toString();
        response = await get(allowed(next, isCdn), { 'user-agent': 'leadrescue' });
      }
      return bodyOf(response, maxBytes);
    },
  };
}

const mediaList = z.object({ media_list: z.array(z.object({ sid: z.string().regex(/^\w+$/) })) });

/** Where the media of a listed message are found: a webhook names their addresses, the list only their number. */
export function listedMedia(accountSid: string, messageSid: string, count: number): InboundMessage['media'] {
  const list = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}/Media${LIST}`;
  return Array.from({ length: count }, (_, place) => ({
    url: `${list}#${place}`,
    contentType: 'application/octet-stream',
  }));
}

async function bodyOf(response: Response, maxBytes: number): Promise<Buffer> {
  if (response.status === 200 && response.body) return readUpTo(response.body, maxBytes);
  await response.body?.cancel();
  throw refusal(response.status);
}

const isCdn = ({ hostname, pathname }: URL) =>
  CDN.test(hostname) || (BUCKET.test(hostname) && BUCKET_PATH.test(pathname));

/** Reads while it comes, so that a large file never lies in memory whole. */
async function readUpTo(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof KnownError ? error : unavailable('cut off', error);
  }
  return Buffer.concat(chunks);
}

function refusal(status: number): KnownError {
  if (status === 404 || status === 410) {
    return new KnownError('not_found', `Twilio media: HTTP ${status}`, 'Twilio does not have this file.');
  }
  if (status === 401 || status === 403) {
    const words = 'Twilio did not hand out a file to our account. Check its SID and auth token.';
    return new KnownError('misconfigured', `Twilio media: HTTP ${status}`, words);
  }
  return unavailable(`HTTP ${status}`, undefined);
}

function tooLarge(maxBytes: number): KnownError {
  const words = `That file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`;
  return new KnownError('validation_error', 'Twilio media: too large', words);
}

function foreign(host: string): KnownError {
  const words = "The file is kept at an address that is not the gateway's, so it was not fetched.";
  return new KnownError('forbidden', `Twilio media: address of another host (${host.slice(0, 80)})`, words);
}

function unavailable(detail: string, cause: unknown): KnownError {
  const words = 'Twilio did not hand out a file. It is tried again.';
  return new KnownError('unavailable', `Twilio media: ${detail}`, words, { cause });
}
