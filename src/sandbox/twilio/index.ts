/** A local Twilio: the real wire protocol over HTTP, customers who can be played, and faults on demand. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createCallbacks } from './callbacks.ts';
import { createContents, type TemplateControl } from './content.ts';
import { createCreates } from './creates.ts';
import { type CustomerMessage, createCustomers, type InboundAnswer } from './customer.ts';
import { createFaults, type Faults } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';
import { listMessages } from './list-messages.ts';
import { createMediaShelf } from './media.ts';
import { createPoster } from './post.ts';
import { createListener, sendAnswer } from './server.ts';
import { createStore, createWindows } from './store.ts';
import type { Answer, StandInMessage } from './types.ts';
import { API_VERSION, errorAnswer, messageJson } from './wire.ts';

export type { CustomerMessage, InboundAnswer } from './customer.ts';
export type { Faults, NumberFaultChanges } from './faults.ts';
export type { Journal } from './journal.ts';
export { sign } from './signature.ts';
export type { StandInMessage } from './types.ts';

export interface TwilioStandInOptions {
  accountSid: string;
  authToken: string;
  /** Origin of the application, asked at each inbound post; the path is `/webhooks/twilio/inbound`. */
  webhookBase: () => string;
  /** How long Meta "reviews" a template, in machine ms. */
  approveAfterMs?: number;
  /** 0 takes any free port. */
  port?: number;
  /** Business time: it rules WhatsApp's 24-hour window, and phones show it. */
  now?: () => Date;
  machine?: () => number;
  /** Of the faults' random sequence. */
  seed?: number;
  /** Answers a request of its own (true), beside Twilio's paths. */
  beside?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface TwilioStandIn {
  start(): Promise<{ url: string }>;
  /** Stops listening, cuts open connections, forgets callbacks to come. */
  stop(): Promise<void>;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly templates: TemplateControl;
  /** A customer writes to one of our senders. */
  customerSends(message: CustomerMessage): Promise<InboundAnswer>;
  /** The customer reads a message. Settles when the callback is answered. */
  markRead(sid: string): Promise<void>;
  /** Until when a customer's WhatsApp window with one of our senders is open; null when it is closed. */
  windowUntil(sender: string, customer: string): Date | null;
  /** What is kept, as the account's owner sees it: messages both ways, and files that customers sent along. */
  kept(): { messages: number; media: number };
  /** Settles when every status callback that is due has been answered. */
  idle(): Promise<void>;
  /** Settles when every request that had arrived has been taken, or never will be. */
  taken(): Promise<void>;
}

const UNFINISHED: ReadonlySet<StandInMessage['status']> = new Set(['accepted', 'queued']);

export function createTwilioStandIn(options: TwilioStandInOptions): TwilioStandIn {
  const { accountSid, authToken, machine = Date.now, now = () => new Date() } = options;
  const account = { accountSid, authToken };
  const faults = createFaults(options.seed ?? 1);
  const journal = createJournal();
  const store = createStore();
  const windows = createWindows(now);
  const media = createMediaShelf(account);
  const poster = createPoster(authToken);
  const contents = createContents(accountSid, options.approveAfterMs ?? 0, machine);
  const callbacks = createCallbacks({ account, faults, journal, poster, machine });
  const creates = createCreates({ accountSid, contents, faults, store, windows, machine, now, journal, callbacks });
  const inboundUrl = () => `${options.webhookBase()}/webhooks/twilio/inbound`;
  const customers = createCustomers({ account, store, windows, media, journal, poster, inboundUrl, machine, now });

  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const messagesPath = `/${API_VERSION}/Accounts/${accountSid}/Messages`;
  const contentPath = /^\/v1\/Content(?:\/(HX\w+)(\/ApprovalRequests(\/whatsapp)?)?)?$/;

  function handle(request: IncomingMessage, response: ServerResponse, body: string): void {
    if (options.beside?.(request, response)) return;
    const { method = '', url = '' } = request;
    const path = new URL(url, 'http://twilio');
    if ((method === 'GET' || method === 'DELETE') && media.answer(request, response, path.pathname)) return;
    const authentic = request.headers.authorization === authorization;
    if (authentic && method === 'POST' && url === `${messagesPath}.json`) {
      creates.create(body, response);
      return;
    }
    if (authentic && method === 'GET' && path.pathname === `${messagesPath}.json`) {
      // what arrived before the question is in the answer, however busy the machine is
      void creates.taken().then(() => sendAnswer(response, listMessages(path.searchParams, store, accountSid)));
      return;
    }
    if (authentic && method === 'DELETE' && path.pathname.startsWith(`${messagesPath}/`)) {
      const refused = remove(path.pathname.slice(messagesPath.length + 1).replace(/\.json$/, ''));
      if (refused) sendAnswer(response, refused);
      else response.writeHead(204).end();
      return;
    }
    const answer = authentic ? route(method, path, body) : errorAnswer(20003);
    const resource = path.pathname.replace(/^.*\/Accounts\/\w+\/|^\/v1\//, '');
    journal.refused(`${method} ${resource}`, machine(), answer);
    sendAnswer(response, answer);
  }

  /** Deletes a message; the answer where it cannot. One that is not delivered is not complete. */
  function remove(sid: string): Answer | undefined {
    const message = store.get(sid);
    if (message && UNFINISHED.has(message.status)) return errorAnswer(20009);
    return store.remove(sid) ? undefined : errorAnswer(20404);
  }

  function route(method: string, url: URL, body: string): Answer {
    if (method === 'GET' && url.pathname.startsWith(`${messagesPath}/`)) {
      const message = store.get(url.pathname.slice(messagesPath.length + 1).replace(/\.json$/, ''));
      return message ? { status: 200, body: messageJson(message, accountSid) } : errorAnswer(20404);
    }
    const [whole, sid, approvals, submit] = contentPath.exec(url.pathname) ?? [];
    if (whole === undefined) return errorAnswer(20404);
    if (method === 'POST') {
      const json = parseJson(body);
      if (!sid) return contents.create(json);
      return submit ? contents.submit(sid, json) : errorAnswer(20404);
    }
    if (!sid || submit) return errorAnswer(20404);
    return approvals ? contents.approval(sid) : contents.fetch(sid);
  }

  const listener = createListener(handle, options.port ?? 0);
  return {
    start: () => listener.start(),
    async stop() {
      creates.stop();
      callbacks.stop();
      await listener.stop();
      await poster.stop();
    },
    journal,
    faults: {
      set: faults.set,
      setFor: faults.setFor,
      clear: faults.clear,
      down: () => listener.stop(),
      up: async () => void (await listener.start()),
    },
    templates: contents,
    customerSends: (message) => customers.sends(message),
    async markRead(sid) {
      const message = store.get(sid);
      if (message?.channel !== 'whatsapp') throw new Error(`no WhatsApp message ${sid}`);
      await callbacks.markRead(message);
    },
    windowUntil(sender, customer) {
      const closesAt = windows.closesAt(sender, customer);
      const open = windows.isOpen('whatsapp', sender, customer) && !faults.of(customer).windowClosed;
      return open && closesAt !== null ? new Date(closesAt) : null;
    },
    kept: () => ({ messages: [...store.newestFirst({})].length, media: media.size }),
    idle: () => callbacks.idle(),
    taken: creates.taken,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
