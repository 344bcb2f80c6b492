import type { Application, Request, Response } from 'express';
import { MAX_PHOTO_BYTES, type UploadLink, type UploadOutcome } from '../privacy/index.ts';
import { brandOf } from '../tenants/index.ts';
import { only, sendPage, sendProblem, sendProblemPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { readPhoto } from './multipart.ts';
import { type UploadState, uploadPage } from './pages/index.ts';

const VISITS_PER_MINUTE = 60;
/** How long a sender of too much has to hear so. */
const LINGER_MS = 1_000;

const STATUS: Record<UploadState, number> = {
  ask: 200,
  done: 200,
  used: 410,
  expired: 410,
  too_large: 413,
  bad_type: 415,
};
const STATE_OF_LINK = { open: 'ask', used: 'used', expired: 'expired' } as const;
const STATE_OF_OUTCOME = {
  stored: 'done',
  used: 'used',
  expired: 'expired',
  too_large: 'too_large',
  bad_type: 'bad_type',
} as const;

/** The one-time page on which a salesperson photographs a licence. The photo is held in memory until it is sealed. */
export function mountUpload(app: Application, deps: HttpDeps, limits: Limits): void {
  const { tenants, vault } = deps;

  async function show(req: Request, res: Response, link: UploadLink, state: UploadState): Promise<void> {
    const tenant = await tenants.byId(link.tenantId);
    const { business, accent, logo } = brandOf(tenant, await tenants.settings(tenant.id));
    const lang = tenant.language;
    const customer = link.customer.trim().split(/\s+/)[0] ?? '';
    const view = {
      business,
      accent,
      logo,
      lang,
      customer,
      state,
      action: req.path,
      maxMegabytes: MAX_PHOTO_BYTES / 1024 ** 2,
    };
    sendPage(res, STATUS[state], (nonce) => uploadPage({ ...view, nonce }));
  }

  app
    .route('/u/:token')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const link = await vault.findUploadLink(req.params.token);
      if (!link) return unknownLink(res);
      await show(req, res, link, STATE_OF_LINK[link.state]);
    })
    .post(async (req, res) => {
      if (!/^multipart\/form-data\b/i.test(req.get('content-type') ?? '')) return sendProblem(req, res, 415);
      // nothing is read for those who have no link
      const link = await vault.findUploadLink(req.params.token);
      if (!link) return unknownLink(res);
      if (link.state !== 'open') return show(req, res, link, STATE_OF_LINK[link.state]);

      const sent = await readPhoto(req, MAX_PHOTO_BYTES);
      if (!req.complete) hangUpAfter(req, res);
      const outcome = await keep(sent, req.params.token);
      if (outcome.kind === 'unknown') return unknownLink(res);
      await show(req, res, link, STATE_OF_OUTCOME[outcome.kind]);
    })
    .all(only('GET', 'HEAD', 'POST'));

  async function keep(sent: Awaited<ReturnType<typeof readPhoto>>, token: string): Promise<UploadOutcome> {
    switch (sent.kind) {
      case 'none':
        return { kind: 'bad_type' };
      case 'too_large':
        return { kind: 'too_large' };
      case 'file':
        return vault.useUploadLink(token, sent.file);
    }
  }
}

/**
 * Closing a connection over bytes nobody read resets it, and the answer may be lost with it. So what still comes is
 * thrown away for a moment after the answer, and then the connection is cut.
 */
function hangUpAfter(req: Request, res: Response): void {
  res.once('finish', () => {
    const cut = setTimeout(() => req.destroy(), LINGER_MS);
    req.socket.once('close', () => clearTimeout(cut));
  });
}

function unknownLink(res: Response): void {
  sendProblemPage(res, 404, { title: 'This link cannot be used.', text: 'Ask for a new one in Slack.' });
}
