import { z } from 'zod';
import type { Logger } from '../lib/logger.ts';
import type { SlackClient } from './client.ts';

/** The workspace that our token belongs to. */
export interface Home {
  teamId: string;
  teamName: string;
}

/** Finds out whose token we hold. */
export interface Installation {
  /** Asks Slack unless it is known; whoever asks meanwhile shares the answer. Throws like any call. */
  get(): Promise<Home>;
  known(): Home | undefined;
  /** The token is no longer good. */
  forget(): void;
}

const test = z.object({ team_id: z.string(), team: z.string() });

export function createInstallation(deps: { client: SlackClient; log: Logger }): Installation {
  const { client, log } = deps;
  let home: Home | undefined;
  let asking: Promise<Home> | undefined;

  async function ask(): Promise<Home> {
    const { team_id, team } = await client.call('auth.test', {}, test);
    home = { teamId: team_id, teamName: team };
    log.info({ team: team_id }, 'connected to Slack');
    return home;
  }

  return {
    async get() {
      if (home) return home;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    known: () => home,
    forget() {
      home = undefined;
    },
  };
}
