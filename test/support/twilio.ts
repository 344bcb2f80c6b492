/** Twilio for tests: the stand-in, the real vendor pointed at it, and webhooks signed as Twilio signs them. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OutgoingMessage } from '../../src/messaging/port.ts';
import {
  createTwilioStandIn,
  sign,
  type TwilioStandIn,
  type TwilioStandInOptions,
} from '../../src/sandbox/twilio/index.ts';
import { createTwilio, type Twilio, type TwilioOptions } from '../../src/vendors/twilio/index.ts';

export const ACCOUNT_SID = 'AC0123456789abcdef0123456789abcdef';
export const AUTH_TOKEN = 'test-auth-token';
export const SENDER = '+14155550000';
export const CUSTOMER = '+14155550101';

export interface TestTwilio {
  readonly standIn: TwilioStandIn;
  readonly url: string;
  /** A vendor connected to the stand-in; closed by `stop`. */
  connect(options?: Partial<TwilioOptions>): Twilio;
  stop(): Promise<void>;
}

/** Starts a stand-in. Without `webhookBase` customers write to an application that is not there. */
export async function startTwilio(options: Partial<TwilioStandInOptions> = {}): Promise<TestTwilio> {
  const standIn = createTwilioStandIn({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    webhookBase: () => 'http://127.0.0.1:1',
    ...options,
  });
  const { url } = await standIn.start();
  const vendors: Twilio[] = [];
  return {
    standIn,
    url,
    connect(overrides = {}) {
      const twilio = createTwilio({
        accountSid: ACCOUNT_SID,
        authToken: AUTH_TOKEN,
        apiUrl: url,
        machine: Date.now,
        ...overrides,
      });
      vendors.push(twilio);
      return twilio;
    },
    async stop() {
      await standIn.stop();
      await Promise.all(vendors.map((vendor) => vendor.close()));
    },
  };
}

/** An SMS as the dispatcher would hand it over. */
export function outgoing(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    channel: 'sms',
    to: CUSTOMER,
    from: SENDER,
    body: 'Hi Anna, thanks for the test drive!',
    statusCallback: 'http://127.0.0.1:1/webhooks/twilio/status?message=m1&attempt=1',
    validitySeconds: 900,
    ...changes,
  };
}

/** A deadline far enough away. */
export function soon(): number {
  return Date.now() + 10_000;
}

/** Posts a form as Twilio would. `signedUrl` is the public URL when it differs from the one posted to. */
export async function postSigned(request: {
  url: string;
  form: Record<string, string>;
  authToken?: string;
  signedUrl?: string;
}): Promise<{ status: number; contentType: string | null; body: string }> {
  const signature = sign(request.authToken ?? AUTH_TOKEN, request.signedUrl ?? request.url, request.form);
  const response = await fetch(request.url, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(request.form),
  });
  return { status: response.status, contentType: response.headers.get('content-type'), body: await response.text() };
}

/** The form of a customer's SMS. */
export function inboundForm(changes: Record<string, string> = {}): Record<string, string> {
  const sid = changes.MessageSid ?? 'SM00000000000000000000000000000001';
  return {
    MessageSid: sid,
    SmsSid: sid,
    SmsMessageSid: sid,
    AccountSid: ACCOUNT_SID,
    From: CUSTOMER,
    To: SENDER,
    Body: 'Hello',
    NumMedia: '0',
    NumSegments: '1',
    SmsStatus: 'received',
    ApiVersion: '2010-04-01',
    ...changes,
  };
}

/** The form of a status callback. */
export function statusForm(changes: Record<string, string> = {}): Record<string, string> {
  const status = changes.MessageStatus ?? 'delivered';
  return {
    MessageSid: 'SM00000000000000000000000000000002',
    SmsSid: 'SM00000000000000000000000000000002',
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: ACCOUNT_SID,
    From: SENDER,
    To: CUSTOMER,
    ApiVersion: '2010-04-01',
    ...changes,
  };
}

export interface ReceivedPost {
  /** Full URL as posted to. */
  url: string;
  headers: IncomingHttpHeaders;
  form: Record<string, string>;
}

/** A small application that keeps what is posted to it and answers as told. */
export async function startReceiver(
  answer: () => { status: number; contentType: string; body: string } = () => ({
    status: 200,
    contentType: 'text/xml',
    body: '<Response/>',
  }),
): Promise<{ origin: string; posts: ReceivedPost[]; stop(): Promise<void> }> {
  const posts: ReceivedPost[] = [];
  let origin = '';
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      posts.push({ url: origin + request.url, headers: request.headers, form });
      const { status, contentType, body: text } = answer();
      response.writeHead(status, { 'content-type': contentType }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    posts,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
