import { z } from 'zod';
import { KnownError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { WorkspaceBook } from '../tenants/index.ts';
import { type SlackClient, SlackRefusal } from './client.ts';
import type { Installation } from './installation.ts';

/** A workspace that we hold a token of, with the client of that token. */
export interface Workspace {
  teamId: string;
  name: string;
  client: SlackClient;
}

/** The workspaces we serve: the one whose token is configured, or all that installed the app. */
export interface Workspaces {
  /** Throws `forbidden` for a workspace of which we hold no token. */
  of(teamId: string): Promise<Workspace>;
  /** Finds out what has to be known before anybody can be served; throws like any call of Slack's API. */
  connect(): Promise<unknown>;
  connected(): boolean;
  /** Slack says that the app was taken out of a workspace. Whether that is (still) so, is found out. */
  lost(teamId: string): Promise<void>;
  /** Asks Slack whether it still knows us, a few workspaces at a time: its event may never have come. */
  check(): Promise<void>;
  /** Where the tenants of these workspaces come from. */
  readonly source: 'slack' | 'oauth';
}

/** The one workspace of the configured token. */
export function oneWorkspace(installation: Installation, client: SlackClient): Workspaces {
  return {
    source: 'slack',
    async of(teamId) {
      const home = await installation.get();
      if (home.teamId !== teamId) throw notConnected();
      return { teamId, name: home.teamName, client };
    },
    connect: installation.get,
    connected: () => installation.known() !== undefined,
    lost: async () => installation.forget(),
    check: async () => undefined,
  };
}

/** Workspaces that are asked about at once. */
const AT_ONCE = 20;

const anyAnswer = z.object({});

/** Slack's words for a token that is good for nothing any more. */
const DEAD = new Set(['account_inactive', 'invalid_auth', 'not_authed', 'token_revoked', 'token_expired']);

const isDead = (error: unknown): boolean => error instanceof SlackRefusal && DEAD.has(error.code);

/** All workspaces that installed the app; each has a client of its own, so that no token ever meets another team. */
export function manyWorkspaces(deps: {
  book: WorkspaceBook;
  clientFor(token: string): SlackClient;
  log: Logger;
}): Workspaces {
  const { book, clientFor, log } = deps;
  const clients = new Map<string, { revision: number; client: SlackClient }>();

  async function of(teamId: string): Promise<Workspace & { revision: number }> {
    const known = await book.token(teamId);
    if (!known) {
      clients.delete(teamId);
      throw notConnected();
    }
    const { revision } = known;
    const made = clients.get(teamId);
    const client = made?.revision === revision ? made.client : watched(teamId, clientFor(known.token));
    clients.set(teamId, { revision, client });
    return { teamId, name: known.name, client, revision };
  }

  /** Every call finds out as well that the app was taken out: Slack says so with each. */
  const watched = (teamId: string, client: SlackClient): SlackClient => ({
    ...client,
    async call(method, args, answer) {
      try {
        return await client.call(method, args, answer);
      } catch (error) {
        if (isDead(error)) {
          await lost(teamId).catch((failure) =>
            log.warn({ err: failure, team: teamId }, 'an end was not written down'),
          );
        }
        throw error;
      }
    },
  });

  async function lost(teamId: string): Promise<void> {
    const known = await book.token(teamId);
    if (!known) return;
    if (await answers(clientFor(known.token))) {
      log.info({ team: teamId }, 'told of an end that is over: the app has been installed again since');
      return;
    }
    if (await book.lost(teamId, known.revision)) {
      log.warn({ team: teamId }, 'the app was taken out of a workspace: its token is deleted, its follow-ups wait');
    }
    clients.delete(teamId);
  }

  return {
    source: 'oauth',
    of,
    connect: async () => undefined,
    connected: () => true,
    lost,
    async check() {
      for (const teamId of await book.due(AT_ONCE)) {
        await of(teamId)
          .then(({ client }) => client.call('auth.test', {}, anyAnswer))
          .catch((error) => log.info({ err: error, team: teamId }, 'Slack was asked whether it still knows us'));
      }
    },
  };
}

/** Whether a token is still good. An event may come late, when a new installation has long replaced the old one. */
async function answers(client: SlackClient): Promise<boolean> {
  try {
    await client.call('auth.test', {}, anyAnswer);
    return true;
  } catch (error) {
    if (error instanceof SlackRefusal) return !isDead(error);
    return false; // Slack cannot be asked, and it was Slack who said so
  }
}

export function notConnected(): KnownError {
  const message = 'This Slack workspace is not connected to LeadRescue. Ask whoever runs it to connect it.';
  return new KnownError('forbidden', 'another workspace', message);
}
