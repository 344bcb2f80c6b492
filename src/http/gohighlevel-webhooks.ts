import express, { type Application } from 'express';
import { wake } from '../events/index.ts';
import { parseContact, verifySignature } from '../vendors/gohighlevel/index.ts';
import { only, sendProblem } from './answer.ts';
import type { HttpDeps } from './deps.ts';

const SOURCE = 'gohighlevel';
const MAX_BODY = '256kb';
/** Older webhooks are somebody's recording. */
const MAX_AGE_MS = 5 * 60_000;
/** One that has an id of its own has its effect once, so that it may come again: every ten minutes, six times, after 429. */
const MAX_AGE_NAMED_MS = 3 * 3_600_000;

/**
 * Webhooks of GoHighLevel's marketplace: new contacts become leads, everything else is only kept. They are sent again
 * after 429 alone, so that what was verified is stored before it is answered.
 */
export function mountGoHighLevel(app: Application, deps: HttpDeps): void {
  const { db, clock, sourceLeads, metrics, log } = deps;
  const keys = deps.signedBy?.gohighlevel;
  if (!keys) return;
  app
    .route('/webhooks/gohighlevel')
    .post(express.raw({ type: () => true, limit: MAX_BODY, inflate: false }), async (req, res) => {
      const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      const signatures = { current: req.get('x-ghl-signature') ?? '', older: req.get('x-wh-signature') ?? '' };
      const raw = body.toString('utf8');
      const contact = verifySignature(keys, body, signatures) ? parseContact(raw) : undefined;
      const age = contact?.sentAt === undefined ? 0 : clock.machine() - contact.sentAt;
      const old = age > (contact?.isNamed ? MAX_AGE_NAMED_MS : MAX_AGE_MS) || age < -MAX_AGE_MS;
      if (!contact || old) {
        metrics.countWebhook(SOURCE, 'refused');
        return sendProblem(req, res, 403);
      }
      try {
        const { webhookId: externalId, locationId: account, isNew } = contact;
        await sourceLeads.keep({ kind: SOURCE, externalId, raw, of: { account }, ...(!isNew && { ignored: true }) });
        if (isNew) await wake(db.system, 'leads');
      } catch (error) {
        metrics.countWebhook(SOURCE, 'failed');
        log.warn({ err: error, request: res.locals.requestId }, 'a webhook of GoHighLevel could not be stored');
        return sendProblem(req, res, 429); // the one answer after which it comes again
      }
      metrics.countWebhook(SOURCE, 'ok');
      res.status(200).json({});
    })
    .all(only('POST'));
}
