import express, { type Application, type Request, type RequestHandler } from 'express';
import type { Incoming } from '../inbox/index.ts';
import { isKnown, KnownError, validationError } from '../lib/errors.ts';
import { only } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { readPayload, sendDetails, sourceOf, statusOfSubmission, tooMany, unavailable } from './submission.ts';

const PATH = '/webhooks/form-submission';
const SOURCE = 'form.submission';
/** What a form without a key of its own is about. */
const DEFAULT_PLAYBOOK = 'corporate-travel';
const MAX_BODY = '64kb';
const PER_MINUTE = 300;
const MAX_ID = 200;

/**
 * Enquiries of forms on websites, as JSON or as a browser sends a form. `X-Form-Key` says whose form it is; it may be
 * missing while there is exactly one tenant. Answers 202 once the lead is stored; what is wrong is told as RFC 9457
 * problem details with a JSON pointer for each. `Idempotency-Key` makes sending again harmless.
 */
export function mountFormSubmission(app: Application, deps: HttpDeps, limits: Limits): void {
  const { enquiries, metrics, log } = deps;

  app
    .route(PATH)
    .all(anyOrigin)
    .options((_req, res) => void res.status(204).end())
    .post(
      limits.perMinute(PER_MINUTE, (res) => sendDetails(res, 429, tooMany())),
      express.raw({ type: () => true, limit: MAX_BODY, inflate: false }),
      async (req, res) => {
        try {
          const payload = await readPayload(req);
          const { leadId } = await enquiries.receive(await incomingOf(deps, req, payload));
          metrics.countWebhook(SOURCE, 'ok');
          res.status(202).json({ status: 'accepted', reference: leadId, lead: { id: leadId } });
        } catch (error) {
          const status = statusOfSubmission(error);
          metrics.countWebhook(SOURCE, status >= 500 ? 'failed' : status === 403 ? 'refused' : 'malformed');
          if (status >= 500)
            log.warn(
              { err: error, request: res.locals.requestId },
              'an enquiry failed; what was stored is tried again',
            );
          sendDetails(res, status >= 500 ? 503 : status, isKnown(error) ? error : unavailable());
        }
      },
    )
    .all(only('POST', 'OPTIONS'));
}

/** Forms are on other people's websites. Nothing is read with a visitor's cookies here. */
const anyOrigin: RequestHandler = (_req, res, next) => {
  res.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'POST, OPTIONS',
    'Access-Control-Allow-Headers': 'Content-Type, X-Form-Key, Idempotency-Key',
    'Access-Control-Max-Age': '86400',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  next();
};

/** Whose form it is, and what its enquiries are about. */
async function incomingOf(deps: HttpDeps, req: Request, payload: Record<string, unknown>): Promise<Incoming> {
  const key = req.get('x-form-key')?.trim() ?? '';
  const submissionId = (req.get('idempotency-key') ?? '').trim().slice(0, MAX_ID);
  if (key !== '') {
    const form = await deps.forms.byKey(key);
    if (!form) throw new KnownError('forbidden', 'unknown form key', 'X-Form-Key is not a key of a form here.');
    const { tenantId, playbook } = form;
    return { tenantId, source: sourceOf(form), playbook, payload, submissionId };
  }
  const tenant = await deps.tenants.only();
  if (!tenant) {
    const words = 'Send the key of your form as X-Form-Key; /rescue forms in Slack makes one.';
    throw new KnownError('forbidden', 'form key missing', words);
  }
  return { tenantId: tenant.id, source: 'form', playbook: playbookOf(deps, payload), payload, submissionId };
}

/** Without a form of its own an enquiry may say what it is about. */
function playbookOf({ playbooks }: HttpDeps, { playbook }: Record<string, unknown>): string {
  if (playbook === undefined || playbook === '') return DEFAULT_PLAYBOOK;
  if (playbooks.all.some(({ key }) => key === playbook)) return String(playbook);
  const message = `Choose one of ${playbooks.all.map(({ key }) => key).join(', ')}, or leave it out.`;
  throw validationError([{ field: '/playbook', message }]);
}
