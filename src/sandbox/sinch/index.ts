/** A local Sinch: tokens, messages, templates and signed callbacks over HTTP, customers who can be played, faults on demand. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpResult } from '../../lib/http.ts';
import { createListener, sendAnswer } from '../twilio/server.ts';
import { createWindows } from '../twilio/store.ts';
import { createPoster } from './callbacks.ts';
import { decide, digits, list } from './messages.ts';
import { createTemplates, type Templates } from './templates.ts';
import {
  type Answer,
  refusal,
  type SinchChannel,
  type SinchFaults,
  type SinchMessage,
  type SinchMode,
  type SinchNumberFaults,
} from './types.ts';

export { signedHeaders } from './callbacks.ts';
export type { SinchFaults, SinchMessage } from './types.ts';

export interface SinchStandInOptions {
  projectId: string;
  appId: string;
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  /** Origin of the application, asked at each callback; the path is `/webhooks/sinch`. */
  webhookBase: () => string;
  /** The WhatsApp sender of the app, E.164. */
  whatsappSender: string;
  review?: 'at once' | 'later';
  /** How the app was made; CONVERSATION unless given. */
  mode?: SinchMode;
  /** Business time: it rules WhatsApp's 24-hour window. */
  now?: () => Date;
  machine?: () => number;
}

export interface SinchStandIn {
  start(): Promise<{ url: string }>;
  stop(): Promise<void>;
  readonly journal: {
    readonly sent: readonly SinchMessage[];
    readonly inbound: readonly SinchMessage[];
    /** Tokens given out. */
    readonly tokens: number;
    readonly callbacks: number;
    /** Ids of messages that were deleted. */
    readonly removed: ReadonlySet<string>;
    /** What no correct application asks for. */
    readonly violations: readonly string[];
  };
  readonly faults: {
    set(faults: Partial<SinchFaults>): void;
    setFor(number: string, faults: SinchNumberFaults): void;
    clear(): void;
    /** Connection refused until `up`. Open connections are cut. */
    down(): Promise<void>;
    up(): Promise<void>;
  };
  readonly templates: Pick<Templates, 'approve' | 'reject'>;
  /** Changes how the app handles messages from now on, and for how many days it keeps them (0: not at all). */
  setApp(mode: SinchMode, days: number): void;
  /** A customer writes to one of our senders. */
  customerSends(message: {
    from: string;
    to: string;
    channel: SinchChannel;
    body: string;
    media?: Buffer;
  }): Promise<HttpResult>;
  /** A customer opts out at Sinch itself. */
  customerOptsOut(channel: SinchChannel, customer: string): Promise<HttpResult>;
  markRead(id: string): Promise<void>;
  /** Settles when every callback has been answered. */
  idle(): Promise<void>;
}

const NONE: SinchFaults = {
  hang: 'no',
  dropAfterAccept: false,
  error500: false,
  rateLimited: false,
  tokensEnd: false,
  callbacks: 'posted',
  duplicateCallbacks: false,
  reverseCallbacks: false,
  answerDelayMs: 0,
};
const TOKEN_SECONDS = 3600;

export function createSinchStandIn(options: SinchStandInOptions): SinchStandIn {
  const { projectId, appId, machine = Date.now, now = () => new Date(), whatsappSender } = options;
  const sent: SinchMessage[] = [];
  const inbound: SinchMessage[] = [];
  const violations: string[] = [];
  const tokens = new Set<string>();
  const removed = new Set<string>();
  const numbers = new Map<string, SinchNumberFaults>();
  /** What customers sent along, by path: addresses that need no credentials, as Sinch's signed ones. */
  const shelf = new Map<string, Buffer>();
  let address = '';
  const windows = createWindows(now);
  const templates = createTemplates(options.review ?? 'at once');
  const url = () => `${options.webhookBase()}/webhooks/sinch`;
  const poster = createPoster({ appId, projectId, secret: options.webhookSecret, url, machine });
  const basic = `Basic ${Buffer.from(`${options.keyId}:${options.keySecret}`).toString('base64')}`;
  const root = `/v1/projects/${projectId}`;
  let faults = { ...NONE };
  let given = 0;
  let mode = options.mode ?? 'CONVERSATION';
  let days = 7;

  const identityOf = ({ channel, customer }: SinchMessage) => ({
    channel: channel.toUpperCase(),
    identity: digits(customer),
    app_id: '',
  });

  function report(message: SinchMessage, status: SinchMessage['status'], reason?: string): Promise<HttpResult> {
    return poster.post({
      message_delivery_report: {
        message_id: message.id,
        conversation_id: '',
        contact_id: '',
        status,
        channel_identity: identityOf(message),
        metadata: message.metadata,
        processing_mode: message.mode,
        ...(reason && { reason: { code: reason, description: reason, sub_code: 'UNSPECIFIED_SUB_CODE' } }),
      },
      message_metadata: message.metadata,
    });
  }

  /** Plays a taken message's life. Reports follow each other, and the next one does not wait for its answer. */
  function deliver(message: SinchMessage, failWith: string | undefined): void {
    const life: SinchMessage['status'][] = failWith ? ['FAILED'] : ['QUEUED_ON_CHANNEL', 'DELIVERED'];
    message.status = life.at(-1) ?? 'accepted';
    if (faults.callbacks === 'none') return;
    const told = faults.reverseCallbacks ? life.reverse() : life;
    for (const status of told) {
      void report(message, status, failWith);
      if (faults.duplicateCallbacks) void report(message, status, failWith);
    }
  }

  function take(body: Record<string, unknown>): Answer | 'hang' | 'drop' {
    if (faults.hang === 'before') return 'hang';
    if (faults.rateLimited) return refusal(429, 'RESOURCE_EXHAUSTED');
    if (faults.error500) return { status: 500, body: {} };
    const decision = decide(body, { appId, templates, windows, machine, whatsappSender, mode });
    if ('refuse' in decision) {
      violations.push(`messages:send ${JSON.stringify(decision.refuse.body)}`);
      return decision.refuse;
    }
    const { take: message } = decision;
    const own = numbers.get(message.customer);
    if (own?.refuseWith) return refusal(own.refuseWith.http, own.refuseWith.status);
    sent.push(message);
    deliver(message, decision.failWith ?? own?.failWith);
    if (faults.hang === 'after') return 'hang';
    if (faults.dropAfterAccept) return 'drop';
    return { status: 200, body: { message_id: message.id, accepted_time: new Date(message.at).toISOString() } };
  }

  function token(request: IncomingMessage, body: string): Answer {
    if (request.headers.authorization !== basic) return { status: 401, body: { error: 'invalid_client' } };
    if (body !== 'grant_type=client_credentials') return { status: 400, body: { error: 'unsupported_grant_type' } };
    given++;
    const value = randomUUID();
    if (faults.tokensEnd) {
      tokens.clear();
      faults.tokensEnd = false;
    }
    tokens.add(value);
    return { status: 200, body: { access_token: value, expires_in: TOKEN_SECONDS, token_type: 'bearer', scope: '' } };
  }

  /** As the list does, it looks into one of the two stores alone. */
  function remove(id: string, query: URLSearchParams): Answer {
    const source = query.get('messages_source') ?? 'CONVERSATION_SOURCE';
    const found = [...sent, ...inbound].find((each) => each.id === id && `${each.mode}_SOURCE` === source);
    if (!found || removed.has(id)) return refusal(404, 'NOT_FOUND');
    removed.add(id);
    return { status: 200, body: {} };
  }

  const shownApp = () => ({
    id: appId,
    processing_mode: mode,
    retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 180 },
    dispatch_retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: days },
  });

  function route(request: IncomingMessage, body: string): Answer | 'hang' | 'drop' {
    const { method = '' } = request;
    const path = new URL(request.url ?? '/', 'http://sinch');
    if (method === 'POST' && path.pathname === '/oauth2/token') return token(request, body);
    const bearer = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!tokens.has(bearer) || faults.tokensEnd) return refusal(401, 'UNAUTHENTICATED');
    if (!path.pathname.startsWith(`${root}/`)) return refusal(403, 'PERMISSION_DENIED');
    const rest = path.pathname.slice(root.length);
    const json = parse(body);
    if (method === 'POST' && rest === '/messages:send') return take(json);
    if (method === 'GET' && rest === '/messages')
      return list(days > 0 ? [...sent, ...inbound].filter(({ id }) => !removed.has(id)) : [], path.searchParams, appId);
    if (method === 'DELETE' && rest.startsWith('/messages/')) return remove(rest.slice(10), path.searchParams);
    if (method === 'GET' && rest === `/apps/${appId}`) return { status: 200, body: shownApp() };
    return templates.answer(method, rest, json);
  }

  const listener = createListener((request: IncomingMessage, response: ServerResponse, body: string) => {
    const file = shelf.get(request.url ?? '');
    if (file) {
      response.writeHead(200, { 'content-length': file.length }).end(file);
      return;
    }
    const answer = route(request, body);
    if (answer === 'hang') return;
    if (answer === 'drop') response.socket?.destroy();
    else if (faults.answerDelayMs > 0) setTimeout(() => sendAnswer(response, answer), faults.answerDelayMs).unref();
    else sendAnswer(response, answer);
  }, 0);

  return {
    async start() {
      const started = await listener.start();
      address = started.url;
      return started;
    },
    async stop() {
      await listener.stop();
      await poster.stop();
    },
    journal: {
      sent,
      inbound,
      violations,
      removed,
      get tokens() {
        return given;
      },
      get callbacks() {
        return poster.count;
      },
    },
    faults: {
      set(changes) {
        faults = { ...faults, ...changes };
      },
      setFor: (number, changes) => void numbers.set(number, { ...numbers.get(number), ...changes }),
      clear() {
        faults = { ...NONE };
        numbers.clear();
      },
      down: () => listener.stop(),
      up: async () => void (await listener.start()),
    },
    templates,
    setApp(changed, kept) {
      mode = changed;
      days = kept;
    },
    customerSends({ from, to, channel, body, media }) {
      windows.open(to, from, now().getTime());
      const message: SinchMessage = {
        id: `01M${randomUUID().replaceAll('-', '').toUpperCase()}`,
        direction: 'TO_APP',
        channel,
        customer: from,
        sender: to,
        body,
        template: null,
        metadata: '',
        at: machine(),
        mode,
        status: 'accepted',
      };
      inbound.push(message);
      if (media) shelf.set(`/media/${message.id}`, media);
      const said = media
        ? { media_message: { url: `${address}/media/${message.id}`, caption: body } }
        : { text_message: { text: body } };
      return poster.post({
        message: {
          id: message.id,
          direction: 'TO_APP',
          contact_message: said,
          channel_identity: identityOf(message),
          conversation_id: '',
          contact_id: '',
          sender_id: digits(to),
          metadata: '',
          processing_mode: mode,
        },
        message_metadata: '',
      });
    },
    customerOptsOut: (channel, customer) =>
      poster.post({
        opt_out_notification: {
          contact_id: '',
          channel: channel.toUpperCase(),
          identity: digits(customer),
          status: 'OPT_OUT_SUCCEEDED',
          processing_mode: mode,
        },
      }),
    async markRead(id) {
      const message = sent.find((each) => each.id === id);
      if (message?.channel !== 'whatsapp') throw new Error(`no WhatsApp message ${id}`);
      message.status = 'READ';
      await report(message, 'READ');
    },
    idle: () => poster.idle(),
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
