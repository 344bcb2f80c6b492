import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { chatMethods } from './api-chat.ts';
import { conversationMethods } from './api-conversations.ts';
import { fileMethods } from './api-files.ts';
import { userMethods } from './api-users.ts';
import { viewMethods } from './api-views.ts';
import { Args, readArgs } from './args.ts';
import type { Desk } from './desk.ts';
import { sendJson } from './http.ts';
import { strikes } from './mischief.ts';
import { Refusal } from './refusal.ts';
import type { JsonObject } from './types.ts';

type Method = (args: Args, desk: Desk) => JsonObject;

/** Calls kept for tests and the page. */
const KEPT_CALLS = 1000;
const SCOPES =
  'app_mentions:read,channels:history,chat:write,commands,files:read,files:write,im:write,reactions:write,users:read';

/** The one method that takes the app's own credentials instead of a token. */
const INSTALL = 'oauth.v2.access';

const methods = new Map<string, Method>(
  Object.entries({
    [INSTALL]: (args: Args, desk: Desk) => desk.oauth.access(args),
    ...chatMethods,
    ...conversationMethods,
    ...fileMethods,
    ...userMethods,
    ...viewMethods,
  }),
);

export interface ApiRequest {
  request: IncomingMessage;
  response: ServerResponse;
  /** E.g. `chat.postMessage`. */
  method: string;
  query: URLSearchParams;
  body: Buffer;
}

/**
 * Answers one Web API call: HTTP 200 with `ok` true or false, 429 when rates are limited. The connection is cut or the
 * answer late where a mischief switch says so.
 */
export async function answerApiCall(call: ApiRequest, desk: Desk, botToken: string): Promise<void> {
  const { method, response } = call;
  const { mischief } = desk;
  if (mischief.outage === 'reset') return cut(response);
  if (mischief.slowMs > 0) await sleep(mischief.slowMs);
  if (mischief.outage === 'unavailable') return sendJson(response, { ok: false, error: 'service_unavailable' }, 503);
  if (mischief.rateLimit !== null && strikes(mischief.rateLimit, method)) {
    response.setHeader('retry-after', String(mischief.rateLimit.retryAfter));
    return sendJson(response, { ok: false, error: 'ratelimited' }, 429);
  }
  const { args, answer } = await perform(call, desk, botToken);
  note(method, args, answer, desk);
  if (strikes(mischief.loseAnswers, method)) return cut(response);
  response.setHeader('x-oauth-scopes', SCOPES);
  sendJson(response, answer);
}

async function perform(call: ApiRequest, desk: Desk, botToken: string): Promise<{ args: Args; answer: JsonObject }> {
  let args = new Args({});
  try {
    args = readArgs(call.request, call.method, call.query, call.body);
    if (call.method !== INSTALL) authenticate(call.request, args, botToken);
    const method = methods.get(call.method);
    if (method === undefined) throw new Refusal('unknown_method', [`[ERROR] ${call.method}`]);
    await fetchPictures(args, desk);
    const refused = desk.mischief.refuse.get(call.method);
    return { args, answer: refused === undefined ? { ok: true, ...method(args, desk) } : refusal(refused, []) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.mistake) desk.workspace.report(call.method, error.code, error.messages.join('; '));
    return { args, answer: refusal(error.code, error.messages) };
  }
}

/**
 * Slack fetches the pictures that blocks and views name, and refuses the whole call when it cannot. That happens to correct
 * apps as well.
 * @throws Refusal `invalid_blocks` or `invalid_arguments`
 */
async function fetchPictures(args: Args, desk: Desk): Promise<void> {
  for (const { name, malformed, code } of PICTURED) {
    const lost = await desk.pictures.missing(args.structure(name, malformed), `/${name}`);
    if (lost) throw new Refusal(code, [`[ERROR] downloading image failed [json-pointer:${lost}]`], false);
  }
}

const PICTURED = [
  { name: 'blocks', malformed: 'invalid_blocks_format', code: 'invalid_blocks' },
  { name: 'view', malformed: 'invalid_arguments', code: 'invalid_arguments' },
];

function refusal(error: string, messages: readonly string[]): JsonObject {
  return { ok: false, error, ...(messages.length === 0 ? {} : { response_metadata: { messages } }) };
}

/** @throws Refusal `not_authed` without a token, `invalid_auth` with another than the bot's */
function authenticate(request: IncomingMessage, args: Args, botToken: string): void {
  const header = request.headers.authorization;
  const token = header === undefined ? args.text('token') : header.replace(/^Bearer /, '');
  if (token === undefined) throw new Refusal('not_authed');
  if (token !== botToken) throw new Refusal('invalid_auth');
}

function note(method: string, args: Args, answer: JsonObject, desk: Desk): void {
  const { token: _token, client_secret: _secret, ...values } = args.values;
  const call = { method, args: values, answer };
  desk.calls.push(call);
  if (desk.calls.length > KEPT_CALLS) desk.calls.shift();
  desk.workspace.emit({ type: 'call', call });
}

function cut(response: ServerResponse): void {
  response.destroy();
}
