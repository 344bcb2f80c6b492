import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Logger } from '../lib/logger.ts';
import { type SlackClient, SlackRefusal } from './client.ts';

/** The workspace that our token belongs to. */
export interface Home {
  teamId: string;
  teamName: string;
  botUserId: string;
}

/** Finds out whose token we hold, and does not give up while Slack is down. */
export interface Installation {
  /** Asks Slack when it is not known yet; throws like any call. */
  get(): Promise<Home>;
  known(): Home | undefined;
  /** The token is no longer good: ask again until it is. */
  lost(): void;
  /** Asks in the background until it is known. */
  start(): void;
  stop(): void;
}

const test = z.object({ team_id: z.string(), team: z.string(), user_id: z.string() });

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

export function createInstallation(deps: { client: SlackClient; log: Logger }): Installation {
  const { client, log } = deps;
  let home: Home | undefined;
  let asking: Promise<Home> | undefined;
  let stopping: AbortController | undefined;

  async function ask(): Promise<Home> {
    const { team_id, team, user_id } = await client.call('auth.test', {}, test);
    home = { teamId: team_id, teamName: team, botUserId: user_id };
    log.info({ team: team_id }, 'connected to Slack');
    return home;
  }

  async function get(): Promise<Home> {
    if (home) return home;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function keepAsking(signal: AbortSignal): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !home && !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await get();
      } catch (error) {
        // a refused token needs a person, and never gets better by itself; an outage does
        if (error instanceof SlackRefusal) log.error({ err: error }, 'Slack refuses SLACK_BOT_TOKEN');
        else log.warn({ err: error }, 'Slack does not answer yet');
        await sleep(error instanceof SlackRefusal ? LONGEST_WAIT_MS : wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  function start(): void {
    stopping?.abort();
    stopping = new AbortController();
    void keepAsking(stopping.signal);
  }

  return {
    get,
    known: () => home,
    lost() {
      home = undefined;
      start();
    },
    start,
    stop: () => stopping?.abort(),
  };
}
