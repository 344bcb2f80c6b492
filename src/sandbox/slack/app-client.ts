import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Workspace } from './workspace.ts';

/** Slack gives an app three seconds to acknowledge (docs.slack.dev, "Acknowledging requests"). */
const ACK_MS = 3000;
/** After this the stand-in stops waiting, so that a hanging app does not hang a test or the page. */
const GIVE_UP_MS = 10_000;

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

/** What the app answered to one request. */
export interface AppAnswer {
  /** HTTP status; 0 when the app could not be reached or did not answer. */
  status: number;
  body: string;
  contentType: string;
  /** Milliseconds by the machine's clock. */
  ms: number;
  /** Later than Slack waits: Slack shows an error and ignores the answer. */
  late: boolean;
}

/** Ways to send a request as Slack would not, to see it refused. */
export interface Forgery {
  /** Signs with this secret instead. */
  secret?: string;
  /** Unix seconds in the signature instead of the machine's. */
  timestamp?: number;
  unsigned?: boolean;
  headers?: Record<string, string>;
}

export interface AppClient {
  /** Sends as Slack and reports what Slack would hold against the app: `late_ack`, `failed_ack`. */
  deliver(where: string, body: string, contentType: string, headers?: Record<string, string>): Promise<AppAnswer>;
  /** Sends without judging. `contentType` goes out exactly as given: Bolt compares it for equality. */
  send(body: string, contentType: string, forgery?: Forgery): Promise<AppAnswer>;
}

/** The line from Slack to the app: signed requests to the app's one address. */
export function createAppClient(options: {
  workspace: Workspace;
  signingSecret: string;
  eventsUrl: () => string;
}): AppClient {
  const { workspace, signingSecret, eventsUrl } = options;

  async function send(body: string, contentType: string, forgery: Forgery = {}): Promise<AppAnswer> {
    const started = workspace.machine();
    const timestamp = String(forgery.timestamp ?? Math.floor(started / 1000));
    const signature = signatureOf(forgery.secret ?? signingSecret, timestamp, body);
    const answer = await post(eventsUrl(), body, {
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      accept: 'application/json,*/*',
      ...(forgery.unsigned === true ? {} : { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature }),
      ...forgery.headers,
    });
    const ms = workspace.machine() - started;
    return { ...answer, ms, late: ms > ACK_MS };
  }

  return {
    send,
    async deliver(where, body, contentType, headers = {}) {
      const answer = await send(body, contentType, { headers });
      const unreachable = answer.status === 0;
      const failed = answer.status < 200 || answer.status > 299;
      if (answer.late) workspace.report(where, 'late_ack', `acknowledged after ${answer.ms} ms`);
      else if (failed && !unreachable) workspace.report(where, 'failed_ack', `HTTP ${answer.status} ${answer.body}`);
      return answer;
    },
  };
}

/** `v0=` and the HMAC-SHA256 of `v0:timestamp:body` (docs.slack.dev, "Verifying requests from Slack"). */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

type RawAnswer = Pick<AppAnswer, 'status' | 'body' | 'contentType'>;

/** Plain node:http with a connection per request: nothing stays open when app or stand-in stop. */
function post(url: string, body: string, headers: Record<string, string>): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, body: error.message, contentType: '' });
    const call = request(url, { method: 'POST', headers, agent: false, timeout: GIVE_UP_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => {
        const contentType = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), contentType });
      });
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${GIVE_UP_MS} ms`)));
    call.on('error', failed);
    call.end(body);
  });
}
