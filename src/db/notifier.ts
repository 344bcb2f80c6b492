import type pg from 'pg';

export interface Notice {
  channel: string;
  payload: string;
}

export interface Notifier {
  /** Tells them all; resolves when they are told, or cannot be. What is asked for meanwhile goes together, each once. */
  tell(notices: readonly Notice[]): Promise<void>;
  /** Resolves when nothing is left to tell. */
  idle(): Promise<void>;
}

const NOTIFY = {
  name: 'notify',
  // it has nothing that the disk must keep
  text: `with soon as materialized (select set_config('synchronous_commit', 'off', true))
    select pg_notify(n.channel, n.payload) from soon, unnest($1::text[], $2::text[]) as n(channel, payload)`,
};

/**
 * Notifies on behalf of transactions that have committed. A NOTIFY inside of one would make its commit wait in line with
 * all others that notify, one after the other to the disk.
 */
export function createNotifier(pool: pg.Pool): Notifier {
  let gathered = new Map<string, Notice>();
  let telling = Promise.resolve();
  let next: Promise<void> | undefined;

  async function tellAll(): Promise<void> {
    const notices = [...gathered.values()];
    gathered = new Map();
    next = undefined;
    const values = [notices.map(({ channel }) => channel), notices.map(({ payload }) => payload)];
    await pool.query({ ...NOTIFY, values }).catch(() => {}); // who listens also looks from time to time
  }

  return {
    tell(notices) {
      if (notices.length === 0) return Promise.resolve();
      for (const notice of notices) gathered.set(`${notice.channel} ${notice.payload}`, notice);
      if (!next) {
        next = telling.then(tellAll);
        telling = next;
      }
      return next;
    },
    idle: () => telling,
  };
}
