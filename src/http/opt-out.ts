import express, { type Application, type Response } from 'express';
import type { PersonId } from '../lib/ids.ts';
import { readOptOutToken } from '../people/index.ts';
import { brandOf } from '../tenants/index.ts';
import { only, sendPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { readFields } from './multipart.ts';
import { type OptOutState, optOutPage } from './pages/index.ts';
import { findRecipient, type Recipient, reopenByLink } from './recipient.ts';

const GUESSES_PER_MINUTE = 60;
/** Nobody's id: an altered link takes the same way through the database as a good one. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as PersonId;

/**
 * The opt-out link. Only POST acts; GET and HEAD may come from a scanner. A mail provider's one-click POST (RFC 8058)
 * comes without cookies, gets no redirect, and may come twice.
 */
export function mountOptOut(app: Application, deps: HttpDeps, limits: Limits): void {
  const { clock, linkKey, metrics, optOuts } = deps;

  const limitGuesses = limits.perMinute(GUESSES_PER_MINUTE);
  const find = (token: string) => findRecipient(deps.db, readOptOutToken(linkKey, token) ?? NOBODY);

  async function show(res: Response, path: string, recipient: Recipient | undefined, state: OptOutState) {
    const tenant = recipient && (await deps.tenants.byId(recipient.tenantId));
    const brand = tenant && brandOf(tenant, await deps.tenants.settings(tenant.id));
    const known = recipient !== undefined && state !== 'unknown_token';
    const page = {
      business: brand?.business ?? '',
      accent: brand?.accent ?? '',
      logo: brand?.logo ?? null,
      lang: recipient?.language ?? 'en',
      state: known ? state : 'unknown_token',
      action: path,
    } as const;
    sendPage(res, known ? 200 : 404, (nonce) => optOutPage({ ...page, nonce }));
  }

  app
    .route('/o/:token')
    // the opt-outs of a whole mail provider may come from one address, and none is ever refused
    .all((req, res, next) => (readOptOutToken(linkKey, req.params.token) ? next() : limitGuesses(req, res, next)))
    .get(async (req, res) => {
      const recipient = await find(req.params.token);
      await show(res, req.path, recipient, recipient?.optedOut ? 'already' : 'ask');
    })
    .post(express.raw({ type: () => true, limit: '16kb', inflate: false }), async (req, res) => {
      const body: unknown = req.body;
      const fields = await readFields(req.get('content-type') ?? '', Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      const action = fields.action ?? 'stop';
      const recipient = await find(req.params.token);
      if (!recipient) return show(res, req.path, undefined, 'unknown_token');

      if (action === 'start') {
        const there = await reopenByLink(deps, recipient);
        return show(res, req.path, recipient, there ? 'back_in' : 'unknown_token');
      }
      if (action !== 'stop') return show(res, req.path, recipient, recipient.optedOut ? 'already' : 'ask');

      const { personId } = recipient;
      const stop = { personId, scope: 'all', by: 'link', actor: 'customer' } as const;
      const stopped = await optOuts.run(recipient.tenantId, stop);
      if (!stopped) return show(res, req.path, undefined, 'unknown_token');
      metrics.observeStop('page', clock.machine() - res.locals.startedAt);
      // who presses a mail program's own button never sees our page
      if (fields['List-Unsubscribe'] === 'One-Click') return void res.type('text/plain').end();
      await show(res, req.path, recipient, stopped.settled ? 'done' : 'maybe_left_one');
    })
    .all(only('GET', 'HEAD', 'POST'));
}
