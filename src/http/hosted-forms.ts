import express, { type Application, type Request, type RequestHandler, type Response } from 'express';
import { isKnown, KnownError } from '../lib/errors.ts';
import { derivedId, newId } from '../lib/ids.ts';
import { brandOf } from '../tenants/index.ts';
import { only, sendPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { type Entered, readEntered, readProblems } from './form-answers.ts';
import { createFormLinks } from './form-links.ts';
import { type Asking, findAsking, languagesOf } from './form-view.ts';
import type { Limits } from './limits.ts';
import {
  type FormNotice,
  type FormProblem,
  formClosedPage,
  formPage,
  formThanksPage,
  HONEYPOT,
} from './pages/index.ts';
import { readPayload, sendDetails, sourceOf, statusOfSubmission, tooMany, unavailable } from './submission.ts';

const SOURCE = 'form.page';
const VISITS_PER_MINUTE = 120;
const SENDS_PER_MINUTE = 30;
const MAX_BODY = '64kb';

/**
 * Forms on pages of ours: the page at `/f/:slug`, which works without JavaScript and inside a frame of the websites that its
 * business named, and what it posts to, which programs may use as well. A browser is answered with a page, a program with JSON.
 */
export function mountHostedForms(app: Application, deps: HttpDeps, limits: Limits): void {
  const { enquiries, forms, linkKey, metrics, log, clock } = deps;
  const links = createFormLinks(linkKey, clock.machine);

  interface Shown {
    entered?: Entered | undefined;
    problems?: ReadonlyMap<string, FormProblem>;
    notice?: FormNotice;
    /** The one that the page came with, where it is still good. */
    token?: string | undefined;
  }

  function show(res: Response, status: number, asking: Asking, shown: Shown = {}): void {
    const { form, tenant, settings, words, consent, lang } = asking;
    const { business, accent, logo } = brandOf(tenant, settings);
    const view = {
      business,
      accent,
      logo,
      lang,
      words,
      consent,
      action: `/api/forms/${form.slug}/submit`,
      token: shown.token ?? links.make(form.id),
      values: shown.entered?.values ?? {},
      problems: shown.problems ?? new Map<string, FormProblem>(),
      notice: shown.notice,
      others: languagesOf(asking),
      termsUrl: settings.termsUrl,
    };
    sendPage(res, status, (nonce) => formPage({ ...view, nonce }), form.origins);
  }

  const closed = (req: Request, res: Response) =>
    sendPage(res, 404, (nonce) => formClosedPage(String(req.acceptsLanguages()[0] ?? 'en'), nonce));

  /** What a browser posted: the same page again where something is not right, else the page that says thanks. */
  async function take(res: Response, asking: Asking, entered: Entered): Promise<void> {
    const { form, tenant, consent, lang } = asking;
    const thanks = () => res.redirect(303, `/f/${form.slug}/thanks?lang=${lang}`);
    if (entered.honeypot !== '') {
      metrics.countWebhook(SOURCE, 'refused');
      return thanks(); // a machine learns nothing from it
    }
    const token = links.read(form.id, entered.token);
    if (token.kind !== 'good') {
      return show(res, 400, asking, {
        entered,
        notice: 'again',
        ...(token.kind === 'early' && { token: entered.token }),
      });
    }
    if (entered.values.consent && consent && entered.consentVersion !== consent.version) {
      const { consent: _ticked, ...values } = entered.values;
      return show(res, 400, asking, { entered: { ...entered, values }, notice: 'changed', token: entered.token });
    }
    const payload = { ...entered.values, language: lang, ...(entered.optOutOfSale && { gpc: 'true' }) };
    const incoming = { tenantId: tenant.id, playbook: form.playbook, payload };
    try {
      await enquiries.check(incoming);
    } catch (error) {
      if (!isKnown(error) || error.code !== 'validation_error') throw error;
      const problems = readProblems(error.problems, asking, entered);
      metrics.countWebhook(SOURCE, 'malformed');
      return show(res, 400, asking, { entered, problems, token: entered.token });
    }
    try {
      // pressed twice it is one; sent again with other answers, after going back, it is another
      const submissionId = derivedId('form-page', entered.token, JSON.stringify(payload));
      await enquiries.receive({ ...incoming, source: sourceOf(form), submissionId });
      await forms.used(form);
    } catch (error) {
      log.warn({ err: error, request: res.locals.requestId }, 'an enquiry failed; what was stored is tried again');
      metrics.countWebhook(SOURCE, 'failed');
      return show(res, 503, asking, { entered, notice: 'failed', token: entered.token });
    }
    metrics.countWebhook(SOURCE, 'ok');
    thanks();
  }

  /** What a program posted. */
  async function takeJson(
    req: Request,
    res: Response,
    { form, tenant }: Asking,
    payload: Record<string, unknown>,
  ): Promise<void> {
    if (String(payload[HONEYPOT] ?? '') === '') {
      const submissionId = (req.get('idempotency-key') ?? '').trim().slice(0, 200) || newId();
      const incoming = { tenantId: tenant.id, playbook: form.playbook, payload };
      await enquiries.receive({ ...incoming, source: sourceOf(form), submissionId });
      await forms.used(form);
      metrics.countWebhook(SOURCE, 'ok');
    } else {
      metrics.countWebhook(SOURCE, 'refused');
    }
    res.status(202).json({ status: 'accepted' });
  }

  app
    .route('/f/:slug')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const asking = await findAsking(deps, req.params.slug, req);
      if (!asking) return closed(req, res);
      res.vary('Accept-Language');
      show(res, 200, asking);
    })
    .all(only('GET', 'HEAD'));

  app
    .route('/f/:slug/thanks')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const asking = await findAsking(deps, req.params.slug, req);
      if (!asking) return closed(req, res);
      const { form, tenant, settings, lang } = asking;
      const view = { ...brandOf(tenant, settings), lang, back: `/f/${form.slug}?lang=${lang}` };
      sendPage(res, 200, (nonce) => formThanksPage({ ...view, nonce }), form.origins);
    })
    .all(only('GET', 'HEAD'));

  const refuse: RequestHandler = (req, res) => {
    metrics.countWebhook(SOURCE, 'refused');
    const words = 'This website may not send to the form. /rescue forms in Slack says which may.';
    if (isJson(req)) sendDetails(res, 403, new KnownError('forbidden', 'another origin', words));
    else closed(req, res);
  };

  app
    .route('/api/forms/:slug/submit')
    .all(limits.perMinute(SENDS_PER_MINUTE, (res) => sendDetails(res, 429, tooMany())))
    .all(async (req, res, next) => {
      const form = await forms.bySlug(String(req.params.slug));
      const origin = req.get('origin');
      // a page of ours posts without saying where it comes from, and a program has no origin
      const ours = origin === undefined || origin === 'null' || origin === new URL(deps.config.publicUrl).origin;
      if (form && origin !== undefined && form.origins.includes(origin)) {
        res.set({
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Methods': 'POST, OPTIONS',
          'Access-Control-Allow-Headers': 'Content-Type, Idempotency-Key',
          'Access-Control-Max-Age': '3600',
          'Cross-Origin-Resource-Policy': 'cross-origin',
        });
      } else if (form && !ours) {
        return refuse(req, res, next);
      }
      res.vary('Origin');
      next();
    })
    .options((_req, res) => void res.status(204).end())
    .post(express.raw({ type: () => true, limit: MAX_BODY, inflate: false }), async (req, res) => {
      const json = isJson(req);
      try {
        const payload = await readPayload(req);
        const lang = json || typeof payload.lang !== 'string' ? undefined : payload.lang;
        const asking = await findAsking(deps, req.params.slug, req, lang);
        if (asking && json) return await takeJson(req, res, asking, payload);
        if (asking) return await take(res, asking, readEntered(payload, asking, req.get('sec-gpc') === '1'));
        if (!json) return closed(req, res);
        throw new KnownError('not_found', 'no such form', 'There is no such form (any more).');
      } catch (error) {
        if (!json) throw error;
        const status = statusOfSubmission(error);
        metrics.countWebhook(SOURCE, status >= 500 ? 'failed' : 'malformed');
        if (status >= 500) log.warn({ err: error, request: res.locals.requestId }, 'an enquiry failed');
        sendDetails(res, status >= 500 ? 503 : status, isKnown(error) ? error : unavailable());
      }
    })
    .all(only('POST', 'OPTIONS'));
}

const isJson = (req: Request) =>
  !/^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(req.get('content-type') ?? '');
