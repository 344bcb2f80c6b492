import type { Application } from 'express';
import type { Database } from '../db/index.ts';
import { isId, type TenantId } from '../lib/ids.ts';
import { brandOf, type Playbook } from '../tenants/index.ts';
import { only, sendPage, sendProblemPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { type Agreement, termsPage } from './pages/index.ts';

const VISITS_PER_MINUTE = 120;

/** What customers agreed to, in every language it was asked in; the link in the first message, unless a tenant has its own. */
export function mountTerms(app: Application, deps: HttpDeps, limits: Limits): void {
  const { tenants, playbooks, db } = deps;
  app
    .route('/terms/:tenant')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const tenantId = readTenant(req.params.tenant);
      if (!tenantId || !(await exists(db, tenantId))) return sendProblemPage(res, 404);

      const tenant = await tenants.byId(tenantId);
      const settings = await tenants.settings(tenantId);
      const { contact, termsUrl } = settings;
      const asked = playbooks.all.filter((playbook) => playbook.consentRequired);
      const agreements = asked.flatMap((playbook) => agreementsOf(playbook, tenant.name));
      const languages = [...new Set([tenant.language, ...agreements.map(({ lang }) => lang)])];
      const lang = req.acceptsLanguages(languages) || tenant.language;
      const { business, accent, logo } = brandOf(tenant, settings);
      const view = { business, accent, logo, lang, agreements, contact, termsUrl };
      res.vary('Accept-Language');
      sendPage(res, 200, (nonce) => termsPage({ ...view, nonce }));
    })
    .all(only('GET', 'HEAD'));
}

function agreementsOf(playbook: Playbook, business: string): Agreement[] {
  return playbook.languages.map((lang) => {
    const { statement, version } = playbook.consent(lang);
    const photoNote = playbook.photoNote(lang);
    return { lang, statement: statement.replaceAll('{business}', business), version, ...(photoNote && { photoNote }) };
  });
}

/** The tenant of a link: its id's 16 bytes in base64url. */
function readTenant(text: string): TenantId | undefined {
  if (!/^[\w-]{22}$/.test(text)) return undefined;
  const id = Buffer.from(text, 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isId(id) ? (id as TenantId) : undefined;
}

async function exists(db: Database, tenantId: TenantId): Promise<boolean> {
  const rows = await db.system.query({ name: 'tenants-exists', text: 'select from tenants where id = $1' }, [tenantId]);
  return rows.length > 0;
}
