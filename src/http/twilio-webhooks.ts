import express, { type Application, type RequestHandler } from 'express';
import type { InboundMessage } from '../messaging/index.ts';
import { understand } from '../people/index.ts';
import { isForeign, parseInbound, parseStatus, verifySignature } from '../vendors/twilio/index.ts';
import { only, sendProblem } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { type ReceivedForm, readForm } from './form.ts';
import { createStatusReports } from './status-reports.ts';

const FORM = 'application/x-www-form-urlencoded';
/** Twilio's forms are a few kB: a text of at most 1,600 characters and ten media. */
const MAX_FORM = '64kb';
/** TwiML that says nothing: Twilio would send any other text on to the customer. */
const NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

const INBOUND = 'twilio.inbound';
const STATUS = 'twilio.status';

/** Twilio's webhooks. Nothing has an effect before the signature over everything received was found right. */
export function mountTwilio(app: Application, deps: HttpDeps): void {
  const { inbox, metrics, log, clock } = deps;
  const reports = createStatusReports(deps, STATUS);

  app
    .route('/webhooks/twilio/inbound')
    .post(...verified(deps, INBOUND), async (req, res) => {
      const { fields } = res.locals.form as ReceivedForm;
      const message = isForeign(fields) ? undefined : parsed(() => parseInbound(fields), deps, INBOUND);
      try {
        if (message) await inbox.receive(message, INBOUND, fields);
        else await inbox.keep(INBOUND, fields.MessageSid ?? '', fields, 'unknown_channel');
      } catch (error) {
        metrics.countWebhook(INBOUND, 'failed');
        log.warn({ err: error, request: res.locals.requestId }, 'inbound message failed; what was stored is retried');
        return sendProblem(req, res, 500);
      }
      res.type('text/xml').send(NO_REPLY);
      const ms = clock.machine() - res.locals.startedAt;
      metrics.countWebhook(INBOUND, 'ok');
      if (message && isStop(message)) metrics.observeStop('message', ms);
    })
    .all(only('POST'));

  app
    .route('/webhooks/twilio/status')
    .post(...verified(deps, STATUS), async (req, res) => {
      const { fields } = res.locals.form as ReceivedForm;
      const report = parsed(() => reports.accept(parseStatus(fields, req.query), fields.AccountSid), deps, STATUS);
      try {
        await reports.apply(report);
      } catch {
        metrics.countWebhook(STATUS, 'failed');
        return sendProblem(req, res, 500); // the log has it once for the whole batch
      }
      res.end();
    })
    .all(only('POST'));
}

/** Takes the body as it is, and lets nothing pass that the account's own token has not signed. */
function verified(deps: HttpDeps, source: string): RequestHandler[] {
  const publicUrl = deps.config.publicUrl.replace(/\/+$/, '');
  return [
    (req, res, next) => {
      const type = req.get('content-type')?.split(';')[0]?.trim().toLowerCase();
      if (type === FORM) return next();
      deps.metrics.countWebhook(source, 'malformed');
      sendProblem(req, res, 415);
    },
    express.raw({ type: FORM, limit: MAX_FORM, inflate: false }),
    async (req, res, next) => {
      const form = readForm(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
      const tokens = await deps.webhookSecrets('twilio', form.fields.AccountSid ?? '');
      const signature = req.get('x-twilio-signature') ?? '';
      // the address that Twilio was given, not the one that a proxy or a Host header makes of it
      const url = publicUrl + req.originalUrl;
      if (tokens.some((authToken) => verifySignature({ authToken, signature, url, form: form.signed }))) {
        res.locals.form = form;
        return next();
      }
      deps.metrics.countWebhook(source, 'refused');
      sendProblem(req, res, 403);
    },
  ];
}

function parsed<T>(parse: () => T, deps: HttpDeps, source: string): T {
  try {
    return parse();
  } catch (error) {
    deps.metrics.countWebhook(source, 'malformed');
    throw error;
  }
}

function isStop(message: InboundMessage): boolean {
  return message.keyword === 'stop' || (!message.keyword && understand(message.body).kind === 'opt_out');
}
