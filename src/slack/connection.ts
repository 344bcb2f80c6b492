import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../lib/logger.ts';
import type { SlackLine } from './bolt.ts';
import { SlackRefusal } from './client.ts';
import type { Installation } from './installation.ts';

/** Keeps us connected to Slack; that it is down, or refuses our token, never stops the process. */
export interface Connection {
  start(): void;
  /** Something was lost: begin again. */
  restore(): void;
  ready(): boolean;
  stop(): Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

export function createConnection(deps: { installation: Installation; line: SlackLine; log: Logger }): Connection {
  const { installation, line, log } = deps;
  const stopping = new AbortController();
  let trying: Promise<void> | undefined;

  const ready = () => installation.known() !== undefined && line.connected();

  async function connect(): Promise<void> {
    await installation.get();
    await line.connect();
  }

  async function tryUntilReady(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !ready() && !stopping.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await connect();
      } catch (error) {
        // a refused token needs a person; an outage passes
        const refused = error instanceof SlackRefusal;
        if (refused) log.error({ err: error }, 'Slack refuses SLACK_BOT_TOKEN');
        else log.warn({ err: error }, 'Slack cannot be reached yet, trying on');
        const pause = refused ? LONGEST_WAIT_MS : wait;
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {}); // a stop ends the pause
      }
    }
  }

  function start(): void {
    trying ??= tryUntilReady().finally(() => {
      trying = undefined;
    });
  }

  return {
    start,
    restore: start,
    ready,
    async stop() {
      stopping.abort();
      await trying;
      await line.disconnect();
    },
  };
}
