import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../lib/logger.ts';
import type { SlackLine } from './bolt.ts';
import { SlackRefusal } from './client.ts';
import type { Workspaces } from './workspaces.ts';

/** Keeps us connected to Slack; that it is down, or refuses our token, never stops the process. */
export interface Connection {
  /** Tries in the background until it is done; also after something was lost. */
  start(): void;
  ready(): boolean;
  stop(): Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

export function createConnection(deps: { workspaces: Workspaces; line: SlackLine; log: Logger }): Connection {
  const { workspaces, line, log } = deps;
  const stopping = new AbortController();
  let trying = false;

  const ready = () => workspaces.connected() && line.connected();

  async function connect(): Promise<void> {
    await workspaces.connect();
    await line.connect();
  }

  async function tryUntilReady(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !ready() && !stopping.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await connect();
      } catch (error) {
        // a refused token needs a person; an outage passes
        const refused = error instanceof SlackRefusal;
        if (refused) log.error({ err: error }, 'Slack refuses the token of SLACK_BOT_TOKEN or SLACK_APP_TOKEN');
        else log.warn({ err: error }, 'Slack cannot be reached yet, trying on');
        const pause = refused ? LONGEST_WAIT_MS : wait;
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {}); // a stop ends the pause
      }
    }
  }

  function start(): void {
    if (trying || ready() || stopping.signal.aborted) return;
    trying = true;
    void tryUntilReady().finally(() => {
      trying = false;
      start(); // should it have been lost again in this very moment
    });
  }

  return {
    start,
    ready,
    async stop() {
      stopping.abort();
      await line.disconnect();
    },
  };
}
