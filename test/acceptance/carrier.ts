import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../support/until.ts';

/*
 * Twilio, written from its documentation and apart from the stand-in of the product: messages, their list, contents and
 * approvals, signed webhooks. It does what the test tells it for a number, else it delivers.
 */

export interface Sent {
  sid: string;
  channel: 'sms' | 'whatsapp';
  /** Bare numbers. */
  to: string;
  from: string;
  body: string;
  contentSid: string | undefined;
  variables: Record<string, string>;
  form: Record<string, string>;
  at: number;
}

/** What happens to messages to one number: refused with a code at once, or not delivered, told by callback. */
export interface Fate {
  refuse?: number;
  fail?: number;
  /** Only for so many messages. */
  times?: number;
  /** Only for this channel. */
  channel?: 'sms' | 'whatsapp';
}

export interface Content {
  sid: string;
  language: string;
  body: string;
  name: string;
  category: string;
  status: 'unsubmitted' | 'received' | 'pending' | 'approved' | 'rejected';
}

export interface Heard {
  status: number;
  contentType: string;
  body: string;
  ms: number;
}

export interface Carrier {
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly smsFrom: string;
  readonly whatsappFrom: string;
  readonly sent: Sent[];
  readonly contents: Content[];
  readonly fates: Map<string, Fate>;
  /** What reached a number, oldest first. */
  to(number: string): Sent[];
  /** Waits for the nth message to a number. */
  reaches(number: string, count: number): Promise<Sent>;
  /** A customer writes; the webhook is signed as Twilio signs it. */
  writes(from: string, body: string, more?: Record<string, string>): Promise<Heard>;
  /** The same, kept in Twilio's list only: the application was down. */
  kept(from: string, body: string): void;
  /** Posts any form, signed with the token (or what is given as `token`) for this path. */
  post(path: string, form: Record<string, string>, token?: string | null): Promise<Heard>;
  /** Reports a status of a message. */
  reports(message: Sent, status: string, code?: number): Promise<Heard>;
  /** Resolves when all callbacks have been answered. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

const sid = (prefix: string) => prefix + randomUUID().replaceAll('-', '');
const bare = (address: string) => address.replace(/^whatsapp:/, '');
const channelOf = (address: string) => (address.startsWith('whatsapp:') ? 'whatsapp' : 'sms');

/** HMAC-SHA1 over the address and the sorted fields. */
export function signature(token: string, url: string, form: Record<string, string>): string {
  const text = Object.keys(form)
    .sort()
    .reduce((all, key) => all + key + form[key], url);
  return createHmac('sha1', token).update(text).digest('base64');
}

export async function startCarrier(publicUrl: () => string): Promise<Carrier> {
  const accountSid = sid('AC');
  const authToken = randomUUID();
  const smsFrom = '+46701740600';
  const whatsappFrom = '+46701740601';
  const inbound: Record<string, unknown>[] = [];
  const callbacks = new Set<Promise<unknown>>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const root = `/2010-04-01/Accounts/${accountSid}/Messages`;

  const carrier: Carrier = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountSid,
    authToken,
    smsFrom,
    whatsappFrom,
    sent: [],
    contents: [],
    fates: new Map(),
    to: (number) => carrier.sent.filter((message) => message.to === number),
    reaches: (number, count) =>
      until(
        () => carrier.to(number)[count - 1],
        () => `message ${count} to ${number}; there are ${carrier.to(number).length}`,
      ),
    writes: (from, body, more = {}) => carrier.post('/webhooks/twilio/inbound', inboundForm(from, body, more)),
    kept(from, body) {
      const { MessageSid, To } = inboundForm(from, body, {});
      inbound.push({ ...resource(MessageSid ?? '', from, To ?? '', body), direction: 'inbound', status: 'received' });
    },
    async post(path, form, token = authToken) {
      const url = publicUrl() + path;
      const since = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        ...(token !== null && { headers: { 'x-twilio-signature': signature(token, url, form) } }),
        body: new URLSearchParams(form),
      });
      const contentType = response.headers.get('content-type') ?? '';
      return { status: response.status, contentType, body: await response.text(), ms: performance.now() - since };
    },
    reports({ sid: MessageSid, form }, status, code) {
      const url = new URL(form.StatusCallback ?? '');
      return carrier.post(url.pathname + url.search, {
        MessageSid,
        SmsSid: MessageSid,
        MessageStatus: status,
        SmsStatus: status,
        AccountSid: accountSid,
        From: form.From ?? '',
        To: form.To ?? '',
        ApiVersion: '2010-04-01',
        ...(code !== undefined && { ErrorCode: String(code) }),
      });
    },
    async quiet() {
      while (callbacks.size > 0) await Promise.allSettled(callbacks);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function inboundForm(from: string, Body: string, more: Record<string, string>): Record<string, string> {
    const id = sid('SM');
    const whatsapp = channelOf(from) === 'whatsapp';
    return {
      MessageSid: id,
      SmsSid: id,
      SmsMessageSid: id,
      AccountSid: accountSid,
      From: from,
      To: whatsapp ? `whatsapp:${whatsappFrom}` : smsFrom,
      Body,
      NumMedia: '0',
      NumSegments: '1',
      SmsStatus: 'received',
      ApiVersion: '2010-04-01',
      ...(whatsapp && { WaId: bare(from).slice(1), ProfileName: 'Somebody', MessageType: 'text' }),
      ...more,
    };
  }

  function resource(id: string, from: string, to: string, body: string): Record<string, unknown> {
    const date = new Date().toUTCString().replace('GMT', '+0000');
    return {
      sid: id,
      account_sid: accountSid,
      from,
      to,
      body,
      status: 'queued',
      direction: 'outbound-api',
      date_created: date,
      date_updated: date,
      date_sent: null,
      error_code: null,
      error_message: null,
      num_media: '0',
      num_segments: '1',
      messaging_service_sid: null,
      api_version: '2010-04-01',
      price: null,
      price_unit: null,
      uri: `${root}/${id}.json`,
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const json = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const basic = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== basic)
      return json(401, { code: 20003, message: 'Authenticate', status: 401 });
    const { pathname, searchParams } = new URL(request.url ?? '/', carrier.url);
    if (pathname === `${root}.json`) {
      if (request.method === 'POST') return create(Object.fromEntries(new URLSearchParams(body)), json);
      const all = [...carrier.sent.map((m) => resource(m.sid, m.form.From ?? '', m.form.To ?? '', m.body)), ...inbound];
      const wanted = (key: string, field: unknown) => !searchParams.has(key) || searchParams.get(key) === field;
      const messages = all.filter((each) => wanted('To', each.to) && wanted('From', each.from)).reverse();
      return json(200, {
        messages,
        page: 0,
        page_size: 50,
        start: 0,
        end: messages.length,
        uri: '',
        first_page_uri: '',
        next_page_uri: null,
        previous_page_uri: null,
      });
    }
    const [, id, approvals] = /^\/v1\/Content(?:\/(HX\w+))?(\/ApprovalRequests(?:\/whatsapp)?)?$/.exec(pathname) ?? [];
    if (pathname === '/v1/Content' && request.method === 'POST') return createContent(JSON.parse(body), json);
    const content = carrier.contents.find((each) => each.sid === id);
    if (!content) return json(404, { code: 20404, message: 'not found', status: 404 });
    if (request.method === 'POST' && approvals) {
      const { name, category } = JSON.parse(body) as { name: string; category: string };
      Object.assign(content, { name, category, status: 'received' });
    }
    const approval = {
      name: content.name,
      category: content.category,
      content_type: 'twilio/text',
      status: content.status,
      rejection_reason: '',
      allow_category_change: true,
    };
    if (request.method === 'POST') return json(201, approval);
    json(
      200,
      approvals
        ? { sid: id, account_sid: accountSid, whatsapp: { type: 'whatsapp', ...approval }, url: '' }
        : { sid: id, language: content.language },
    );
  }

  function createContent(
    given: { language: string; types: Record<string, { body: string }> },
    json: (status: number, value: object) => void,
  ) {
    const content: Content = {
      sid: sid('HX'),
      language: given.language,
      body: given.types['twilio/text']?.body ?? '',
      name: '',
      category: '',
      status: 'unsubmitted',
    };
    carrier.contents.push(content);
    json(201, {
      sid: content.sid,
      account_sid: accountSid,
      friendly_name: '',
      language: content.language,
      variables: {},
      types: given.types,
      url: '',
      links: {},
    });
  }

  function create(form: Record<string, string>, json: (status: number, value: object) => void): void {
    const { To = '', From = '', ContentSid, ContentVariables = '{}' } = form;
    const channel = channelOf(To);
    const refuse = (code: number) => {
      const status = code === 20429 ? 429 : 400;
      json(status, { code, message: `error ${code}`, more_info: '', status });
    };
    const fate = carrier.fates.get(bare(To));
    const meant = fate && (fate.channel ?? channel) === channel && fate.times !== 0 ? fate : undefined;
    if (meant?.times !== undefined) meant.times--;
    if (meant?.refuse !== undefined) {
      refuse(meant.refuse);
      return;
    }
    const content = carrier.contents.find((each) => each.sid === ContentSid);
    if (ContentSid && content?.status !== 'approved') {
      refuse(63016);
      return;
    }
    const variables = JSON.parse(ContentVariables) as Record<string, string>;
    const body = content
      ? content.body.replace(/\{\{(\w+)\}\}/g, (_, key: string) => variables[key] ?? '?')
      : (form.Body ?? '');
    const message: Sent = {
      sid: sid('SM'),
      channel,
      to: bare(To),
      from: bare(From),
      body,
      contentSid: ContentSid,
      variables,
      form,
      at: Date.now(),
    };
    carrier.sent.push(message);
    json(201, { ...resource(message.sid, From, To, body) });
    const work = follow(message, meant?.fail).finally(() => callbacks.delete(work));
    callbacks.add(work);
  }

  async function follow(message: Sent, code: number | undefined): Promise<void> {
    if (!message.form.StatusCallback) return;
    try {
      await carrier.reports(message, 'sent');
      await carrier.reports(message, code === undefined ? 'delivered' : 'undelivered', code);
    } catch {
      // the application is down; Twilio does not try again
    }
  }

  return carrier;
}
