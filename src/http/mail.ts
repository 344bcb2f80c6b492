import type { Application } from 'express';
import { z } from 'zod';
import type { MessageId, TenantId } from '../lib/ids.ts';
import { readSignedToken } from '../lib/signed-links.ts';
import { bookingLink, TRACKED, termsLink } from '../messaging/index.ts';
import { attemptIn, reasonOfStatus } from '../vendors/mail/index.ts';
import { only, sendProblem } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { readJsonBody } from './json.ts';
import type { Limits } from './limits.ts';

const VISITS_PER_MINUTE = 240;
const SOURCE = 'email.engagement';
/** A transparent GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Paths by which e-mails and mail providers tell what became of our letters. */
export function mountMail(app: Application, deps: HttpDeps, limits: Limits): void {
  mountTracking(app, deps, limits);
  mountEngagement(app, deps, limits);
}

/**
 * `/t/:token`: the picture in an e-mail, or a link to a page of ours. Where a link leads is worked out here from the message,
 * never taken from the address. What they tell is a hint: programs ask for both by themselves.
 */
function mountTracking(app: Application, deps: HttpDeps, limits: Limits): void {
  const { db, linkKey, post, config, log } = deps;
  const publicUrl = config.publicUrl.replace(/\/+$/, '');

  async function targetOf(messageId: string, kind: 'terms' | 'booking'): Promise<string | undefined> {
    const [row] = await db.system.query<{ tenantId: TenantId; bookingId: string | null }>(
      {
        name: 'tracked-target',
        text: `select tenant_id as "tenantId", booking_id as "bookingId" from messages where id = $1`,
      },
      [messageId],
    );
    if (!row) return undefined;
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
      for (const kind of ['terms', 'booking'] as const) {
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

/** One report; providers name the same things differently, and send more than we read. */
const report = z
  .looseObject({
    event: z.string().max(40).optional(),
    type: z.string().max(40).optional(),
    status: z.string().max(40).optional(),
    email: z.string().max(320).optional(),
  })
  .transform((fields) => ({
    what: (fields.event ?? fields.type ?? '').toLowerCase(),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.status ?? '')?.[0],
    // wherever the provider puts the letter's id: it is ours beyond doubt, and nobody else knows it
    ours: attemptIn(JSON.stringify(fields)),
  }));
const reports = z.union([z.array(report).max(1000), report.transform((one) => [one])]);

type Report = z.output<typeof reports>[number];

/**
 * `/webhooks/email-engagement`: what a mail provider reports of our letters (bounces, complaints, opens, clicks), one or
 * several, as JSON. A report counts only for the letter whose id it names: that id was given to the receiver's mail server
 * and to nobody else, so it is what proves the report. Others are taken and left aside.
 */
function mountEngagement(app: Application, deps: HttpDeps, limits: Limits): void {
  const { metrics, log } = deps;
  app
    .route('/webhooks/email-engagement')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .post(readJsonBody('1mb'), async (req, res) => {
      const read = reports.safeParse(req.body);
      if (!read.success) {
        metrics.countWebhook(SOURCE, 'malformed');
        return sendProblem(req, res, 400);
      }
      try {
        for (const each of read.data) await apply(deps, each);
      } catch (error) {
        metrics.countWebhook(SOURCE, 'failed');
        log.warn({ err: error }, 'reports on e-mails failed; the provider sends them again');
        return sendProblem(req, res, 500);
      }
      metrics.countWebhook(SOURCE, 'ok');
      res.status(204).end();
    })
    .all(only('POST'));
}

async function apply({ post }: HttpDeps, { what, status, ours }: Report): Promise<void> {
  if (!ours) return;
  const { messageId, attempt, id: gatewayId } = ours;
  const base = { messageId, attempt, gatewayId } as const;
  switch (what) {
    case 'open':
    case 'opened':
      return post.signal(messageId, 'open');
    case 'click':
    case 'clicked':
      return post.signal(messageId, 'click');
    case 'delivered':
    case 'delivery':
      return post.letter({ kind: 'bounce', report: { ...base, status: 'delivered' } });
    case 'spamreport':
    case 'complaint':
    case 'complained':
    case 'unsubscribe':
      return post.complaint(messageId);
    case 'bounce':
    case 'bounced':
    case 'hard_bounce':
    case 'failed':
    case 'dropped': {
      const reason = status?.startsWith('4') ? 'delayed' : status ? reasonOfStatus(status) : 'unreachable';
      const failure = { reason, code: status ?? 'bounced' } as const;
      return post.letter({ kind: 'bounce', report: { ...base, status: 'failed', failure } });
    }
  }
}
