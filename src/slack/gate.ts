import { parse } from 'node:querystring';
import bolt from '@slack/bolt';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { FORM, kindOf } from './payloads.ts';

/*
 * The door of `/slack/events`, before Bolt: what is unsigned, old, from the future, too large or in no shape of Slack's
 * is answered here and reaches nothing. Bolt checks the signature once more, but lets the future through, hangs for
 * three seconds on what it does not know and answers 500 to some of it.
 */

/** Slack's largest requests, forms with long texts, are a tenth of this. */
const MAX_BODY_BYTES = 1024 * 1024;
/** How far the clock of a request may be from ours (docs.slack.dev, "Verifying requests from Slack"). */
const MAX_SKEW_SECONDS = 300;
/** Requests remembered against replays: five minutes at over 300 a second. */
const MAX_REMEMBERED = 100_000;

export interface GateOptions {
  signingSecret: string;
  clock: Pick<Clock, 'machine'>;
  log: Logger;
}

/** Express handlers for one path; a request that passes goes on with its body in `rawBody`. */
export function createGate({ signingSecret, clock, log }: GateOptions): (RequestHandler | ErrorRequestHandler)[] {
  const seen = createMemory(clock);

  const check: RequestHandler = (request, response, next) => {
    const refuse = (status: number, why: string) => {
      log.info({ why, status }, 'refused a request to /slack/events');
      response.status(status).end();
    };
    const bytes: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const body = bytes.toString('utf8');
    const type = request.get('content-type') ?? '';
    // Slack asks without a signature whether the certificate is right; whatever else it carries is not read
    if (type.startsWith(FORM) && body.includes('ssl_check') && parse(body).ssl_check === '1')
      return void response.status(200).end();

    const stamp = Number(request.get('x-slack-request-timestamp') ?? Number.NaN);
    const skew = Math.abs(clock.machine() / 1000 - stamp);
    if (!(skew <= MAX_SKEW_SECONDS)) return refuse(401, 'no timestamp, or a wrong one');
    const signature = request.get('x-slack-signature') ?? '';
    const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': stamp };
    const nowMilliseconds = clock.machine();
    if (!bolt.isValidSlackRequest({ signingSecret, body, headers, nowMilliseconds })) return refuse(401, 'signature');
    const kind = kindOf(type, body);
    if (kind === undefined) return refuse(400, 'not in the shape of a request of Slack');
    if (kind === 'app_rate_limited') {
      log.warn('Slack sends us fewer events than there are: the app is over its limit');
      return void response.status(200).end();
    }

    if (!seen.first(signature)) {
      log.info('a request came twice, the second has no effect');
      return void response.status(200).end();
    }
    // what we failed at may be sent again, Slack's retries come within the same second
    response.once('finish', () => {
      if (response.statusCode >= 400) seen.forget(signature);
    });
    hand(request, type, bytes);
    next();
  };

  return [express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false }), check, unreadable(log)];
}

/** Bolt reads `rawBody`, and compares the content type for equality. */
function hand(request: Request, type: string, bytes: Buffer): void {
  Object.assign(request, { rawBody: bytes });
  if (type.startsWith(FORM)) request.headers['content-type'] = FORM;
}

/** Too large, compressed, cut off: the reader of the body says which. */
function unreadable(log: Logger): ErrorRequestHandler {
  return (error: { status?: number } | null, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error?.status ?? 400;
    log.info({ status }, 'could not read a request to /slack/events');
    response.status(status >= 400 && status <= 499 ? status : 400).end();
  };
}

interface Memory {
  /** True the first time within the time a request is valid. */
  first(signature: string): boolean;
  forget(signature: string): void;
}

/** The signatures of late; one process's memory, everything behind it is safe against doubles by itself. */
function createMemory(clock: Pick<Clock, 'machine'>): Memory {
  const until = new Map<string, number>(); // in order of arrival
  return {
    first(signature) {
      const now = clock.machine();
      for (const [old, end] of until) {
        if (end > now && until.size < MAX_REMEMBERED) break;
        until.delete(old);
      }
      if (until.has(signature)) return false;
      until.set(signature, now + 2 * MAX_SKEW_SECONDS * 1000);
      return true;
    },
    forget: (signature) => void until.delete(signature),
  };
}
