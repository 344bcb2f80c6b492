import express, { type Application } from 'express';
import { wake } from '../events/index.ts';
import { sameSecret } from '../lib/secrets.ts';
import { parseNotices, verifySignature } from '../vendors/meta/index.ts';
import { only, sendProblem } from './answer.ts';
import type { HttpDeps } from './deps.ts';

const SOURCE = 'meta';
const MAX_BODY = '1mb';

/**
 * Webhooks of Meta's lead ads: the question that Meta asks once, and batches that say which leads there are. Nothing has an effect
 * before the signature over the bytes was found right; what is stored is answered, and fetched by whoever is woken for it.
 */
export function mountMeta(app: Application, deps: HttpDeps): void {
  const { db, sourceLeads, metrics, log } = deps;
  const signedBy = deps.signedBy?.meta;
  if (!signedBy) return;
  app
    .route('/webhooks/meta')
    .get((req, res) => {
      const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = req.query;
      const knows = typeof token === 'string' && sameSecret(token, signedBy.verifyToken);
      if (mode !== 'subscribe' || !knows || typeof challenge !== 'string' || challenge.length > 200) {
        metrics.countWebhook(SOURCE, 'refused');
        return sendProblem(req, res, 403);
      }
      res.type('text/plain').send(challenge);
    })
    .post(express.raw({ type: () => true, limit: MAX_BODY, inflate: false }), async (req, res) => {
      const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      if (!verifySignature(signedBy.appSecret, body, req.get('x-hub-signature-256') ?? '')) {
        metrics.countWebhook(SOURCE, 'refused');
        return sendProblem(req, res, 403);
      }
      const notices = parseNotices(body.toString('utf8'));
      if (!notices) {
        // signed and not understood: asking for it again would bring the same
        metrics.countWebhook(SOURCE, 'malformed');
        log.error({ request: res.locals.requestId }, 'a webhook of Meta was not understood');
        return sendProblem(req, res, 400);
      }
      try {
        for (const { leadId, pageId, raw } of notices) {
          await sourceLeads.keep({ kind: SOURCE, externalId: leadId, raw, of: { account: pageId } });
        }
        if (notices.length > 0) await wake(db.system, 'leads');
      } catch (error) {
        // Meta sends the whole batch again; what was stored of it is known then
        metrics.countWebhook(SOURCE, 'failed');
        log.warn({ err: error, request: res.locals.requestId }, 'a webhook of Meta could not be stored');
        return sendProblem(req, res, 503);
      }
      metrics.countWebhook(SOURCE, 'ok', Math.max(1, notices.length));
      res.status(200).end();
    })
    .all(only('GET', 'HEAD', 'POST'));
}
