import type { Application, Request, Response } from 'express';
import { isKnown } from '../lib/errors.ts';
import { only, sendPage, sendProblemPage } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { statusOf } from './errors.ts';
import { isOurState, newState, STATE_SECONDS } from './install-state.ts';
import type { Limits } from './limits.ts';
import { installedPage, installPage } from './pages/index.ts';

const COOKIE = 'leadrescue_install';
const VISITS_PER_MINUTE = 60;

/** How a workspace installs the app: our page, Slack's page, and back. */
export function mountInstall(app: Application, deps: HttpDeps, limits: Limits): void {
  const { install, clock, config, log } = deps;
  if (!install) return;
  const cookie = {
    httpOnly: true,
    // Slack's page leads back to us: a top-level visit, which `lax` lets the cookie come along with
    sameSite: 'lax',
    secure: config.publicUrl.startsWith('https:'),
    path: '/slack',
  } as const;

  function refuse(res: Response, status: number, title: string, text: string): void {
    sendProblemPage(res, status, { title, text: `${text} Start again at ${config.publicUrl}/slack/install.` });
  }

  async function back(req: Request, res: Response): Promise<void> {
    const { code, state, error } = queryOf(req);
    const half = cookieOf(req);
    res.clearCookie(COOKIE, cookie);
    if (!isOurState(install?.stateSecret ?? '', { state, half }, clock.machine())) {
      return refuse(res, 400, 'That took too long, or began elsewhere.', 'Nothing was installed.');
    }
    if (error !== '') return refuse(res, 403, 'Nothing was installed.', 'You did not allow it on Slack’s page.');
    if (code === '' || !install) return refuse(res, 400, 'Slack’s answer is incomplete.', 'Nothing was installed.');
    try {
      const { workspace, teamId, again } = await install.complete(code);
      const link = `https://slack.com/app_redirect?team=${encodeURIComponent(teamId)}`;
      sendPage(res, 200, (nonce) => installedPage({ workspace, link, again, nonce }));
    } catch (failure) {
      if (!isKnown(failure)) throw failure;
      const status = statusOf(failure);
      if (status >= 500) log.error({ err: failure }, 'an installation in Slack failed');
      refuse(res, status, 'LeadRescue was not installed.', failure.userMessage);
    }
  }

  app
    .route('/slack/install')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get((_req, res) => {
      const { state, half } = newState(install.stateSecret, clock.machine());
      res.cookie(COOKIE, half, { ...cookie, maxAge: STATE_SECONDS * 1000 });
      sendPage(res, 200, (nonce) => installPage({ address: install.address(state), nonce }));
    })
    .all(only('GET', 'HEAD'));
  app.route('/slack/oauth_redirect').all(limits.perMinute(VISITS_PER_MINUTE)).get(back).all(only('GET'));
}

function queryOf(req: Request): { code: string; state: string; error: string } {
  const text = (name: string) => {
    const value = req.query[name];
    return typeof value === 'string' ? value.slice(0, 1000) : '';
  };
  return { code: text('code'), state: text('state'), error: text('error') };
}

function cookieOf(req: Request): string {
  const pairs = (req.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return (
    pairs
      .find((pair) => pair.startsWith(`${COOKIE}=`))
      ?.slice(COOKIE.length + 1)
      .slice(0, 200) ?? ''
  );
}
