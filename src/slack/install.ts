import { z } from 'zod';
import { KnownError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { WorkspaceBook } from '../tenants/index.ts';
import type { Background } from './background.ts';
import { type SlackClient, SlackRefusal } from './client.ts';
import type { Identity } from './identity.ts';
import { REDIRECT_PATH } from './manifest.ts';
import { botScopes } from './scopes.ts';
import { escapeMarkup } from './text.ts';

export interface OAuthConfig {
  clientId: string;
  clientSecret: string;
}

/** How a workspace gets the app: the second half of OAuth, and who meets us there. */
export interface Installer {
  /** Where a browser goes to choose a workspace and agree to what the app may do. */
  address(state: string): string;
  /**
   * Trades Slack's code for a token and keeps it; the workspace's tenant is made, with whoever installed the app as its
   * first admin. Throws `validation_error` for a code that is used up, `forbidden` for an installation we do not take,
   * `unavailable` when Slack does not answer, `misconfigured` when Slack refuses the app itself.
   */
  complete(code: string): Promise<{ workspace: string; teamId: string; again: boolean }>;
}

/** Slack's answer to `oauth.v2.access` (docs.slack.dev, "oauth.v2.access"). */
const access = z.object({
  access_token: z.string().optional(),
  token_type: z.string().optional(),
  refresh_token: z.string().optional(),
  is_enterprise_install: z.boolean().default(false),
  team: z.object({ id: z.string().min(1), name: z.string() }).nullish(),
  authed_user: z.object({ id: z.string().min(1) }),
});

export function createInstaller(deps: {
  oauth: OAuthConfig;
  publicUrl: string;
  /** Where people agree; Slack's own page unless it is a stand-in. */
  authorizeUrl: string;
  /** A client without a token. */
  client: SlackClient;
  book: WorkspaceBook;
  identity: Identity;
  background: Background;
  log: Logger;
}): Installer {
  const { oauth, client, book, identity, background, log } = deps;
  const redirectUri = `${deps.publicUrl}${REDIRECT_PATH}`;

  async function trade(code: string): Promise<z.infer<typeof access>> {
    const { clientId, clientSecret } = oauth;
    const args = { client_id: clientId, client_secret: clientSecret, code, redirect_uri: redirectUri };
    return client.call('oauth.v2.access', args, access).catch((error: unknown) => {
      throw error instanceof SlackRefusal ? refused(error) : error;
    });
  }

  return {
    address(state) {
      const url = new URL(deps.authorizeUrl);
      url.searchParams.set('client_id', oauth.clientId);
      url.searchParams.set('scope', botScopes().join(','));
      url.searchParams.set('redirect_uri', redirectUri);
      url.searchParams.set('state', state);
      return url.toString();
    },
    async complete(code) {
      const answer = await trade(code);
      const { team, access_token: token } = answer;
      if (answer.is_enterprise_install || !team) throw wholeOrganisation();
      if (answer.refresh_token !== undefined) throw rotating();
      if (!token || answer.token_type !== 'bot') throw new Error('oauth.v2.access gave no token of a bot');
      const by = answer.authed_user.id;
      const { again } = await book.installed({ teamId: team.id, name: team.name, token, by });
      const { who, founded } = await identity.found(await identity.who(team.id, by));
      log.info({ team: team.id, again }, 'the app was installed in a workspace');
      const business = escapeMarkup(who.tenant.name);
      const text = again
        ? `LeadRescue is back at *${business}*. Whatever was planned waits: \`/rescue setup\` shows it and lets it go on.`
        : `*Welcome to LeadRescue at ${business}.* ${founded ? 'You are its admin. ' : ''}\`/rescue setup\` goes through what is needed; nothing is sent before you go live.`;
      background.run('greet who installed the app', () =>
        who.client.call('chat.postMessage', { channel: by, text }, z.object({})),
      );
      return { workspace: team.name, teamId: team.id, again };
    },
  };
}

function refused(error: SlackRefusal): Error {
  switch (error.code) {
    case 'invalid_code':
    case 'code_already_used':
      return new KnownError('validation_error', error.message, 'Slack takes this only once, and for ten minutes.');
    case 'cannot_install_an_org_installed_app':
      return wholeOrganisation();
    default: {
      const words = 'Slack refuses the credentials of this app. Whoever runs LeadRescue has to look at them.';
      return new KnownError('misconfigured', error.message, words, { cause: error });
    }
  }
}

function wholeOrganisation(): KnownError {
  const message =
    'LeadRescue is installed in one workspace at a time, not in a whole organisation. Choose a workspace at the top right of Slack’s page.';
  return new KnownError('forbidden', 'an installation for an organisation', message);
}

function rotating(): KnownError {
  const message =
    'This app is set to rotate its tokens, which LeadRescue does not need. Switch it off in the settings of the Slack app.';
  return new KnownError('forbidden', 'token rotation is on', message);
}
