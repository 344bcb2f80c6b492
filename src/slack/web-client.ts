import {
  type FetchFunction,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
} from '@slack/web-api';
import { ComeBackLater } from '../events/index.ts';
import { KnownError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { type SlackClient, SlackRefusal } from './client.ts';
import { sdkLogger } from './sdk-logger.ts';

const SLACK = 'https://slack.com/api/';
/** Hosts that Slack's files come from; the token goes nowhere else. */
const FILE_HOST = /(^|\.)slack(-gov)?\.com$/;
const TRANSFER_MS = 20_000;
/** When Slack limits the rate without saying for how long. */
const DEFAULT_WAIT_SECONDS = 30;
/** Slack's own trouble, told as a refusal. */
const TROUBLE = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']);

export interface SlackClientOptions {
  /** Without one only methods that ask for none can be called. */
  token: string | undefined;
  /** Replaces `https://slack.com/api/`. */
  apiUrl?: string | undefined;
  fetch: FetchFunction;
  log: Logger;
}

/** The Web API of the workspace that the token belongs to. */
export function createSlackClient({ token, apiUrl = SLACK, fetch: lean, log }: SlackClientOptions): SlackClient {
  // no `headers` here: the SDK writes the token into that object and would share it among clients
  const web = new WebClient(token, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: lean,
    logger: sdkLogger(log),
  });

  return {
    async call(method, args, answer) {
      const result = await web.apiCall(method, args).catch((error: unknown) => {
        throw inOurWords(method, error);
      });
      const parsed = answer.safeParse(result);
      if (!parsed.success) throw new Error(`${method}: Slack answered in another shape`);
      return parsed.data;
    },
    async download(url, maxBytes) {
      if (!isSlacks(new URL(url), new URL(apiUrl))) throw notTheFile('the file is kept elsewhere');
      if (token === undefined) throw notTheFile('no token');
      const response = await get(url, token);
      const mime = response.headers.get('content-type')?.split(';')[0] ?? '';
      // without the right to read a file Slack answers 200 with its sign-in page
      if (!response.ok || !response.body || mime === 'text/html') {
        await response.body?.cancel();
        throw notTheFile(`status ${response.status}, ${mime}`);
      }
      return { bytes: await readUpTo(response.body, maxBytes), mime };
    },
    async upload(url, bytes) {
      if (!isSlacks(new URL(url), new URL(apiUrl))) throw unavailable('upload: the address is elsewhere', undefined);
      const response = await fetch(url, {
        method: 'POST',
        // the address is the permission: it takes no token
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
        redirect: 'manual',
        signal: AbortSignal.timeout(TRANSFER_MS),
      }).catch((error: unknown) => {
        throw unavailable('upload', error);
      });
      await response.body?.cancel();
      if (!response.ok) throw unavailable(`upload: HTTP ${response.status}`, undefined);
    },
  };
}

function isSlacks(url: URL, api: URL): boolean {
  return url.origin === api.origin || (url.protocol === 'https:' && FILE_HOST.test(url.hostname));
}

async function get(url: string, token: string): Promise<Response> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(TRANSFER_MS),
  }).catch((error: unknown) => {
    throw unavailable('file', error);
  });
  if (response.status !== 429) return response;
  await response.body?.cancel();
  throw new ComeBackLater(Number(response.headers.get('retry-after')) || DEFAULT_WAIT_SECONDS);
}

async function readUpTo(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      const message = `That file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`;
      throw new KnownError('validation_error', 'file too large', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An error of Slack's SDK as what a caller of `SlackClient` expects. */
export function inOurWords(method: string, error: unknown): Error {
  if (error instanceof WebAPIRateLimitedError) return new ComeBackLater(error.retryAfter);
  if (error instanceof WebAPIPlatformError) {
    const code = String(error.data.error).slice(0, 100);
    if (code === 'ratelimited') return new ComeBackLater(DEFAULT_WAIT_SECONDS);
    return TROUBLE.has(code) ? unavailable(`${method}: ${code}`, undefined) : new SlackRefusal(method, code);
  }
  if (error instanceof WebAPIHTTPError) return unavailable(`${method}: HTTP ${error.statusCode}`, undefined);
  return unavailable(method, error);
}

function unavailable(what: string, cause: unknown): KnownError {
  return new KnownError(
    'unavailable',
    `${what}: Slack cannot be reached`,
    'Slack did not answer. Try again in a minute.',
    {
      cause,
    },
  );
}

function notTheFile(detail: string): KnownError {
  return new KnownError('not_found', `not the file: ${detail}`, 'Slack did not hand out that file. Add it once more.');
}
