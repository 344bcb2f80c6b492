import express, { type Application, type Response } from 'express';
import { wake } from '../events/index.ts';
import { parseLead } from '../vendors/google/index.ts';
import { only } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';

const SOURCE = 'google';
const MAX_BODY = '64kb';
/** Wrong keys a minute from one address. */
const GUESSES_PER_MINUTE = 60;

/**
 * Leads of Google's forms. The key in the body says whose they are. Answers 200 with `{}` once a lead is stored; to Google 4xx is
 * final and 5xx is sent again, and `message` is what the advertiser sees while testing.
 */
export function mountGoogleLeads(app: Application, deps: HttpDeps, limits: Limits): void {
  const { db, leadSources, sourceLeads, metrics, log } = deps;
  const limitGuesses = limits.perMinute(GUESSES_PER_MINUTE, (res) => refuse(res, 429, 'Too many requests.'));

  app
    .route('/webhooks/google-leads')
    .post(express.raw({ type: () => true, limit: MAX_BODY, inflate: false }), async (req, res) => {
      const raw = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '';
      const lead = parseLead(raw);
      if (!lead) {
        metrics.countWebhook(SOURCE, 'malformed');
        return refuse(res, 400, 'That is no lead: send what a lead form extension sends, as JSON.');
      }
      const source = await leadSources.byKey('google', lead.key);
      if (!source) {
        metrics.countWebhook(SOURCE, 'refused');
        const words = 'The key is not one of ours. In Slack, /rescue forms makes one.';
        return limitGuesses(req, res, () => refuse(res, 403, words));
      }
      try {
        // the key is a secret, and a sealed body is not the place for one
        const kept = JSON.stringify({ ...JSON.parse(raw), google_key: undefined, Google_key: undefined });
        // trying the connection may be done again and again, with the same id each time
        const externalId = lead.isTest ? `${lead.leadId}/${deps.clock.machine()}` : lead.leadId;
        await sourceLeads.keep({ kind: SOURCE, externalId, raw: kept, of: { source } });
        await wake(db.system, 'leads');
      } catch (error) {
        metrics.countWebhook(SOURCE, 'failed');
        log.warn({ err: error, request: res.locals.requestId }, 'a lead of Google could not be stored');
        return refuse(res, 503, 'That could not be taken in right now.');
      }
      metrics.countWebhook(SOURCE, 'ok');
      res.status(200).json({});
    })
    .all(only('POST'));
}

function refuse(res: Response, status: number, message: string): void {
  res.status(status).json({ message });
}
