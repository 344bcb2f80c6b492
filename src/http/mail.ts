import type { Application } from 'express';
import { MAIL_REPORT } from '../inbox/index.ts';
import type { MessageId, TenantId } from '../lib/ids.ts';
import { readSignedToken } from '../lib/signed-links.ts';
import { bookingLink, TRACKED, termsLink } from '../messaging/index.ts';
import { createSns, readReport } from '../vendors/mail/index.ts';
import { only, sendProblem } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { readJsonBody } from './json.ts';
import type { Limits } from './limits.ts';

const VISITS_PER_MINUTE = 240;
/** The links in e-mails that tell when they are followed. */
const LINKS = ['terms', 'calculator', 'booking'] as const;
/** A transparent GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Paths by which e-mails and mail providers tell what became of our letters. */
export function mountMail(app: Application, deps: HttpDeps, limits: Limits): void {
  mountTracking(app, deps, limits);
  mountEngagement(app, deps, limits);
}

/**
 * `/t/:token`: the picture in an e-mail, or a link to a page of ours or of the business. Where a link leads is worked out here from the message,
 * never taken from the address. What they tell is a hint: programs ask for both by themselves.
 */
function mountTracking(app: Application, deps: HttpDeps, limits: Limits): void {
  const { db, linkKey, post, config, log, tenants } = deps;
  const publicUrl = config.publicUrl.replace(/\/+$/, '');

  async function targetOf(messageId: string, kind: (typeof LINKS)[number]): Promise<string | undefined> {
    const [row] = await db.system.query<{ tenantId: TenantId; bookingId: string | null }>(
      {
        name: 'tracked-target',
        text: `select tenant_id as "tenantId", booking_id as "bookingId" from messages where id = $1`,
      },
      [messageId],
    );
    if (!row) return undefined;
    if (kind === 'calculator') return (await tenants.settings(row.tenantId)).calculatorUrl ?? undefined;
    if (kind === 'terms') return termsLink(publicUrl, row.tenantId);
    return row.bookingId === null ? undefined : bookingLink(publicUrl, linkKey, row.bookingId);
  }

  /** Nobody waits for it, and a page is shown whether or not it could be noted. */
  function note(messageId: string, kind: 'open' | 'click'): void {
    post.signal(messageId, kind).catch((error) => log.warn({ err: error }, 'a signal of an e-mail could not be noted'));
  }

  app
    .route('/t/:token')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const { token } = req.params;
      res.set({ 'Cache-Control': 'no-store, private', 'Referrer-Policy': 'no-referrer' });
      const opened = readSignedToken(linkKey, TRACKED.open, token);
      if (opened) {
        if (req.method === 'GET') note(opened, 'open');
        return void res.type('image/gif').send(PIXEL);
      }
      for (const kind of LINKS) {
        const messageId = readSignedToken(linkKey, TRACKED[kind], token) as MessageId | undefined;
        const target = messageId && (await targetOf(messageId, kind));
        if (!messageId || !target) continue;
        if (req.method === 'GET') note(messageId, 'click');
        return res.redirect(302, target);
      }
      sendProblem(req, res, 404);
    })
    .all(only('GET', 'HEAD'));
}

/** Most reports that one request may hold; SendGrid sends up to about a thousand. */
const MAX_REPORTS = 2000;

/**
 * `/webhooks/email-engagement`: what a mail provider reports of our letters (bounces, complaints, opens, clicks), one or
 * several, as JSON, or in an envelope of Amazon's SNS. A report counts only for the letter whose id it names: that id was given
 * to the receiver's mail server and to nobody else, so it is what proves the report. Others are taken and left aside.
 */
function mountEngagement(app: Application, deps: HttpDeps, limits: Limits): void {
  const { metrics, log, mailReports, sns = createSns() } = deps;

  /** The reports in a body; undefined for what cannot hold any. Null: a stranger signed it, or nobody. */
  async function reportsIn(body: unknown): Promise<readonly unknown[] | null | undefined> {
    if (Array.isArray(body)) return body.length <= MAX_REPORTS ? body : undefined;
    if (typeof body !== 'object' || body === null) return undefined;
    if (!sns.isEnvelope(body)) return [body];
    const opened = await sns.open(body);
    if (opened.kind === 'refused') return null;
    return opened.kind === 'message' ? [opened.message] : [];
  }

  app
    .route('/webhooks/email-engagement')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    // SNS calls its JSON plain text
    .post(readJsonBody('1mb', ['json', 'text/plain']), async (req, res) => {
      try {
        const reports = await reportsIn(req.body);
        if (!reports) {
          metrics.countWebhook(MAIL_REPORT, reports === null ? 'refused' : 'malformed');
          return sendProblem(req, res, reports === null ? 403 : 400);
        }
        const { kept, strangers, unheard } = await mailReports.keep(reports, readReport);
        metrics.countWebhook(MAIL_REPORT, 'ok', kept - unheard);
        metrics.countWebhook(MAIL_REPORT, 'unknown', strangers);
        metrics.countWebhook(MAIL_REPORT, 'unheard', unheard);
      } catch (error) {
        metrics.countWebhook(MAIL_REPORT, 'failed');
        log.warn({ err: error }, 'reports on e-mails failed; the provider sends them again');
        return sendProblem(req, res, 503);
      }
      res.status(204).end();
    })
    .all(only('POST'));
}
