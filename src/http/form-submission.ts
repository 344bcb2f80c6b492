import express, { type Application, type Request, type RequestHandler, type Response } from 'express';
import type { Incoming } from '../inbox/index.ts';
import { isKnown, KnownError, validationError } from '../lib/errors.ts';
import { only } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { statusOf } from './errors.ts';
import { readForm } from './form.ts';
import type { Limits } from './limits.ts';
import { readFields } from './multipart.ts';

const PATH = '/webhooks/form-submission';
const SOURCE = 'form.submission';
/** What a form without a key of its own is about. */
const DEFAULT_PLAYBOOK = 'corporate-travel';
const MAX_BODY = '64kb';
const MAX_FIELDS = 100;
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
          const status = error instanceof UnknownKind ? 415 : statusOf(error);
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

/** Neither JSON nor a form. */
class UnknownKind extends KnownError {
  constructor() {
    super('validation_error', 'content type', 'Send JSON (application/json) or a form.');
  }
}

async function readPayload(req: Request): Promise<Record<string, unknown>> {
  const type = (req.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const bytes: unknown = req.body;
  const body = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
  if (type === 'application/x-www-form-urlencoded') return readForm(body).fields;
  if (type === 'multipart/form-data') return readFields(req.get('content-type') ?? '', body, MAX_FIELDS);
  if (/^(?:application\/(?:[\w.+-]+\+)?json|text\/json)$/.test(type)) return readJson(body);
  throw new UnknownKind();
}

function readJson(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new KnownError('validation_error', 'not JSON', 'That is not JSON.', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw validationError([{ field: '', message: 'Send one JSON object with the fields of the form.' }]);
}

/** Whose form it is, and what its enquiries are about. */
async function incomingOf(deps: HttpDeps, req: Request, payload: Record<string, unknown>): Promise<Incoming> {
  const key = req.get('x-form-key')?.trim() ?? '';
  const submissionId = (req.get('idempotency-key') ?? '').trim().slice(0, MAX_ID);
  if (key !== '') {
    const form = await deps.forms.byKey(key);
    if (!form) throw new KnownError('forbidden', 'unknown form key', 'X-Form-Key is not a key of a form here.');
    const { tenantId, playbook } = form;
    return { tenantId, source: `form:${slugOf(form.name)}`, playbook, payload, submissionId };
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

/** `Website contact` is `website-contact`. */
const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);

const unavailable = () =>
  new KnownError('unavailable', 'failed', 'That could not be taken in right now. Try again in a minute.');
const tooMany = () => new KnownError('unavailable', 'too many', 'Too many requests. Wait a minute, then try again.');

const TITLES: Record<number, string> = {
  400: 'The enquiry is not right yet',
  403: 'Not allowed',
  413: 'Too large',
  415: 'Send JSON or a form',
  429: 'Too many requests',
};

/** RFC 9457, with the code and message that our other answers have besides. */
function sendDetails(res: Response, status: number, error: KnownError): void {
  const code = status === 429 ? 'too_many_requests' : error.code;
  const errors = error.problems.map(({ field, message }) => ({ pointer: field, detail: message }));
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: TITLES[status] ?? 'Not available right now',
        status,
        detail: error.userMessage,
        code,
        ...(errors.length > 0 && { errors }),
        error: { code, message: error.userMessage },
      }),
    );
}
