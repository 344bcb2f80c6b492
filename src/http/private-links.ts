import type { Application, Response } from 'express';
import type { PrivateLink, Viewed } from '../privacy/index.ts';
import { brandOf } from '../tenants/index.ts';
import { only, sendPage, sendProblemPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { askPage, exportPage, licencePage } from './pages/index.ts';

const VISITS_PER_MINUTE = 30;

/** Why nothing is shown, by what was found. */
const REFUSED: Record<
  Exclude<Viewed['kind'], 'licence' | 'export'>,
  { status: number; title: string; text: string }
> = {
  unknown: { status: 404, title: 'This link cannot be used.', text: 'Ask for a new one in Slack.' },
  used: {
    status: 410,
    title: 'This link has been used.',
    text: 'It shows what it is for once. Ask for a new one in Slack.',
  },
  expired: {
    status: 410,
    title: 'This link has expired.',
    text: 'It works for ten minutes. Ask for a new one in Slack.',
  },
  gone: { status: 410, title: 'There is nothing here any more.', text: 'What this link was for has been deleted.' },
  forbidden: { status: 403, title: 'You may not see this any more.', text: 'Ask a manager or an admin.' },
};

/** Shows a licence photo, or all that is held of a person, once: to look uses nothing up, the button does. */
export function mountPrivateLinks(app: Application, deps: HttpDeps, limits: Limits): void {
  const { privacy, tenants } = deps;

  const frame = async ({ tenantId }: PrivateLink) => {
    const tenant = await tenants.byId(tenantId);
    const { business, accent, logo } = brandOf(tenant, await tenants.settings(tenantId));
    return { business, accent, logo, zone: tenant.zone };
  };

  app
    .route('/l/:token')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const link = await privacy.findLink(req.params.token);
      if (!link) return refuse(res, 'unknown');
      if (link.state !== 'open') return refuse(res, link.state);
      const view = { ...(await frame(link)), kind: link.kind, customer: link.customer, action: req.path };
      sendPage(res, 200, (nonce) => askPage({ ...view, nonce }));
    })
    .post(async (req, res) => {
      const link = await privacy.findLink(req.params.token);
      if (!link) return refuse(res, 'unknown');
      const viewed = await privacy.view(req.params.token);
      const view = await frame(link);
      if (viewed.kind === 'licence') return sendPage(res, 200, (nonce) => licencePage({ ...view, ...viewed, nonce }));
      if (viewed.kind === 'export') return sendPage(res, 200, (nonce) => exportPage({ ...view, ...viewed, nonce }));
      refuse(res, viewed.kind);
    })
    .all(only('GET', 'HEAD', 'POST'));
}

function refuse(res: Response, kind: keyof typeof REFUSED): void {
  const { status, ...problem } = REFUSED[kind];
  sendProblemPage(res, status, problem);
}
