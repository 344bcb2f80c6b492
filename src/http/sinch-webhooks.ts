import express, { type Application } from 'express';
import { understand } from '../people/index.ts';
import { appOf, parseCallback, verifySignature } from '../vendors/sinch/index.ts';
import { only, sendProblem } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { createStatusReports } from './status-reports.ts';

const SOURCE = 'sinch.callback';
const MAX_BODY = '256kb';

/**
 * Sinch's one webhook: messages, delivery reports, opt-outs. Nothing has an effect before the signature over the bytes was
 * found right with a secret of the app that the callback names.
 */
export function mountSinch(app: Application, deps: HttpDeps): void {
  const { inbox, metrics, log, clock } = deps;
  const reports = createStatusReports(deps, SOURCE);

  app
    .route('/webhooks/sinch')
    .post(express.raw({ type: () => true, limit: MAX_BODY, inflate: false }), async (req, res) => {
      const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      const appId = appOf(body);
      const header = (name: string) => req.get(`x-sinch-webhook-signature${name}`) ?? '';
      const signed = { body, signature: header(''), nonce: header('-nonce'), timestamp: header('-timestamp') };
      const secrets = appId === undefined ? [] : await deps.webhookSecrets('sinch', appId);
      if (!secrets.some((secret) => verifySignature({ ...signed, secret }, clock.machine()))) {
        metrics.countWebhook(SOURCE, 'refused');
        return sendProblem(req, res, 403);
      }
      const callback = read(body);
      if (callback === undefined) {
        // signed and not understood: asking for it again would bring the same
        metrics.countWebhook(SOURCE, 'malformed');
        log.error({ request: res.locals.requestId }, 'a callback of Sinch was not understood');
        return sendProblem(req, res, 400);
      }
      try {
        if (callback.kind === 'message') {
          const { message } = callback;
          await inbox.receive(message, SOURCE, { payload: body.toString() });
          metrics.countWebhook(SOURCE, 'ok');
          const stop = message.keyword === 'stop' || understand(message.body).kind === 'opt_out';
          if (stop) metrics.observeStop('message', clock.machine() - res.locals.startedAt);
        } else if (callback.kind === 'status') {
          await reports.apply(reports.accept(callback.report, appId));
        } else {
          metrics.countWebhook(SOURCE, 'ok');
        }
      } catch (error) {
        metrics.countWebhook(SOURCE, 'failed');
        log.warn({ err: error, request: res.locals.requestId }, 'a callback failed; what was stored is retried');
        return sendProblem(req, res, 500);
      }
      res.end();
    })
    .all(only('POST'));
}

function read(body: Buffer): ReturnType<typeof parseCallback> | undefined {
  try {
    return parseCallback(body);
  } catch {
    return undefined;
  }
}
