import type { Application } from 'express';
import type { SettingChangeId, TenantId } from '../lib/ids.ts';
import { readSignedToken } from '../lib/signed-links.ts';
import { BRAND_PREVIEW, brandingAfter, brandOf } from '../tenants/index.ts';
import { only, sendPage, sendProblemPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { optOutPage } from './pages/index.ts';

/** Views of the preview a minute from one address. */
const VISITS_PER_MINUTE = 60;

/** A page of the business as a change of its branding would show it, before it counts. Its button stops nobody. */
export function mountBrand(app: Application, deps: HttpDeps, limits: Limits): void {
  const { db, tenants, changes, linkKey } = deps;
  app
    .route('/brand/:token')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const id = readSignedToken(linkKey, BRAND_PREVIEW, req.params.token);
      const [row] = id
        ? await db.system.query<{ tenantId: TenantId }>(
            'select tenant_id as "tenantId" from setting_changes where id = $1', // primary key
            [id],
          )
        : [];
      const change = row && (await changes.find(row.tenantId, id as SettingChangeId));
      const branding = change && brandingAfter(change.changes);
      if (!row || !branding) return sendProblemPage(res, 404);
      const tenant = await tenants.byId(row.tenantId);
      const { business, accent } = brandOf(tenant, { branding });
      const view = { business, accent, lang: tenant.language, state: 'ask' as const, action: '#' };
      sendPage(res, 200, (nonce) => optOutPage({ ...view, nonce }));
    })
    .all(only('GET', 'HEAD'));
}
