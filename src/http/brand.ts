import type { Application, Response } from 'express';
import type { SettingChangeId, TenantId } from '../lib/ids.ts';
import { readSignedToken } from '../lib/signed-links.ts';
import { letterPage } from '../messaging/index.ts';
import { BRAND_PREVIEW, brandingAfter, brandOf, type Settings, signatureOf, type Tenant } from '../tenants/index.ts';
import { only, sendPage, sendProblemPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { cardHeadPage, optOutPage } from './pages/index.ts';

/** Views of the preview a minute from one address. */
const VISITS_PER_MINUTE = 60;
/** Views of a logo; those of a whole mail provider come from one address, so there are many. */
const LOGOS_PER_MINUTE = 3000;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** A letter has its styles on its elements, where mail programs read them, and no script. */
const LETTER_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The logos of businesses, and what customers would see of a change of a business's branding before it counts: a page,
 * whose button stops nobody, an e-mail, and a card in Slack.
 */
export function mountBrand(app: Application, deps: HttpDeps, limits: Limits): void {
  const { tenants, logos } = deps;

  app
    .route('/brand/logo/:id')
    .all(limits.perMinute(LOGOS_PER_MINUTE))
    .get(async (req, res) => {
      const logo = await logos.find(req.params.id);
      if (!logo) return sendProblemPage(res, 404);
      res
        .set({
          'Content-Type': logo.type,
          // another picture has another address
          'Cache-Control': `public, max-age=${YEAR_SECONDS}, immutable`,
          'Content-Security-Policy': "default-src 'none'; sandbox",
          // mail programs and websites with our forms show it
          'Cross-Origin-Resource-Policy': 'cross-origin',
          'X-Content-Type-Options': 'nosniff',
        })
        .send(logo.bytes);
    })
    .all(only('GET', 'HEAD'));

  /** The tenant with its branding as a change would make it. */
  async function changed(token: string) {
    const id = readSignedToken(deps.linkKey, BRAND_PREVIEW, token);
    if (!id) return undefined;
    const [row] = await deps.db.system.query<{ tenantId: TenantId }>(
      'select tenant_id as "tenantId" from setting_changes where id = $1', // primary key
      [id],
    );
    const change = row && (await deps.changes.find(row.tenantId, id as SettingChangeId));
    const branding = change && brandingAfter(change.changes);
    return row && branding ? { tenant: await tenants.byId(row.tenantId), branding } : undefined;
  }

  app
    .route('/brand/:token')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const found = await changed(req.params.token);
      if (!found) return sendProblemPage(res, 404);
      const { tenant, branding } = found;
      const { business, accent, logo } = brandOf(tenant, { branding });
      const view = { business, accent, logo, lang: tenant.language, state: 'ask' as const, action: '#' };
      sendPage(res, 200, (nonce) => optOutPage({ ...view, nonce }));
    })
    .all(only('GET', 'HEAD'));

  app
    .route('/brand/:token/letter')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const found = await changed(req.params.token);
      if (!found) return sendProblemPage(res, 404);
      sendLetter(res, found.tenant, found.branding);
    })
    .all(only('GET', 'HEAD'));

  app
    .route('/brand/:token/card')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const found = await changed(req.params.token);
      if (!found) return sendProblemPage(res, 404);
      const { tenant, branding } = found;
      const { accent, logo } = brandOf(tenant, { branding });
      sendPage(res, 200, (nonce) => cardHeadPage({ business: tenant.name, accent, logo, nonce }));
    })
    .all(only('GET', 'HEAD'));
}

function sendLetter(res: Response, tenant: Tenant, branding: Settings['branding']): void {
  const { business, accent, logo, senderName } = brandOf(tenant, { branding });
  const signature = signatureOf({ branding }, tenant.language);
  const says = `This is what your e-mails look like. They come from “${senderName}”; here stand the words of each message.`;
  const letter = letterPage({
    subject: `An e-mail from ${business}`,
    language: 'en',
    business,
    accent,
    words: signature === null ? says : `${says}\n\n${signature}`,
    ...(logo && branding.logoInMail && { logo: { ...logo, url: logo.path } }),
  });
  res
    .set({
      'Content-Security-Policy': LETTER_POLICY,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex, nofollow',
    })
    .type('html')
    .send(letter);
}
