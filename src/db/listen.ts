import type pg from 'pg';
import type { Logger } from '../lib/logger.ts';
import type { Database } from './database.ts';

export interface Listener {
  /** Resolves when the first connection listens. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Listens on one channel over a connection of its own, for as long as the process lives; a lost connection is opened
 * again and `onUp` runs then too, since notifications may have been missed. The connection also holds an advisory lock
 * that tells other processes that this one is alive.
 */
export function createListener(deps: {
  db: Database;
  log: Logger;
  channel: string;
  lock: { space: number; key: number };
  onMessage(payload: string): void;
  onUp(): void;
}): Listener {
  const { db, log, channel, lock } = deps;
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const fresh = await db.connect();
    client = fresh;
    let listens = false;
    fresh.on('notification', (message) => deps.onMessage(message.payload ?? ''));
    fresh.once('end', () => {
      if (listens) again();
    });
    try {
      // stopped meanwhile: nobody else knows of this connection
      if (stopped) return await fresh.end();
      await fresh.query('select pg_advisory_lock($1, $2)', [lock.space, lock.key]);
      await fresh.query(`listen ${channel}`);
    } catch (error) {
      await fresh.end().catch(() => {});
      throw error;
    }
    listens = true;
    deps.onUp();
  }

  function again(): void {
    if (stopped) return;
    retry = setTimeout(() => {
      connect().catch((error) => {
        log.warn({ err: error }, 'the database cannot be listened to, trying again');
        again();
      });
    }, 250);
  }

  return {
    start: connect,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
