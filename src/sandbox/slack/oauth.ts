import { randomBytes } from 'node:crypto';
import type { Args } from './args.ts';
import { Refusal } from './refusal.ts';
import type { JsonObject } from './types.ts';
import type { Workspace } from './workspace.ts';

/** The app's credentials at Slack, as far as installing needs them. */
export interface OAuthApp {
  clientId: string;
  clientSecret: string;
}

/** What a person may do differently on Slack's page. */
export interface Agreeing {
  /** The person does not agree. */
  refuse?: true;
  /** The app is installed for the whole organisation. */
  organisation?: true;
}

/** Slack's side of an installation (docs.slack.dev, "Installing with OAuth"): people agree, the app trades a code. */
export interface OAuth {
  /** A person agrees on the page that `address` leads to. Returns where Slack sends the browser. */
  agree(userId: string, address: string, how?: Agreeing): string;
  /** `oauth.v2.access`. @throws Refusal */
  access(args: Args): JsonObject;
}

interface Given {
  redirectUri: string;
  scope: string;
  userId: string;
  organisation: boolean;
}

export function createOAuth(options: { workspace: Workspace; botToken: string; app?: OAuthApp | undefined }): OAuth {
  const { workspace, botToken, app } = options;
  const codes = new Map<string, Given>();
  return {
    agree(userId, address, how = {}) {
      const asked = new URL(address).searchParams;
      const redirect = new URL(asked.get('redirect_uri') ?? '');
      redirect.searchParams.set('state', asked.get('state') ?? '');
      if (asked.get('client_id') !== app?.clientId) throw new Error('Slack knows no such app');
      if (how.refuse) {
        redirect.searchParams.set('error', 'access_denied');
        return redirect.toString();
      }
      const code = `${workspace.team.id}.${randomBytes(12).toString('hex')}`;
      codes.set(code, {
        redirectUri: asked.get('redirect_uri') ?? '',
        scope: asked.get('scope') ?? '',
        userId,
        organisation: how.organisation === true,
      });
      redirect.searchParams.set('code', code);
      return redirect.toString();
    },
    access(args) {
      if (args.text('client_id') !== app?.clientId) throw new Refusal('invalid_client_id');
      if (args.text('client_secret') !== app?.clientSecret) throw new Refusal('bad_client_secret');
      const code = args.text('code') ?? '';
      const given = codes.get(code);
      codes.delete(code);
      if (!given) throw new Refusal('invalid_code');
      if (args.text('redirect_uri') !== given.redirectUri) throw new Refusal('bad_redirect_uri');
      const { id, name } = workspace.team;
      return {
        access_token: botToken,
        token_type: 'bot',
        scope: given.scope,
        bot_user_id: workspace.bot.userId,
        app_id: workspace.bot.appId,
        team: given.organisation ? null : { id, name },
        enterprise: given.organisation ? { id: 'E0ORG', name } : null,
        is_enterprise_install: given.organisation,
        authed_user: { id: given.userId },
      };
    },
  };
}
