import type { Database } from '../../src/db/index.ts';

const PATIENCE_MS = 15_000;

/**
 * Waits until everything written so far lies below the oldest open transaction of the server. Other databases of it are
 * at work too, and what is read up to a snapshot (the numbers, the seals) waits for all of them.
 */
export async function settled(db: Database): Promise<void> {
  const [mark] = await db.system.query<{ id: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as id');
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const [now] = await db.system.query<{ done: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as done',
      [mark?.id],
    );
    if (now?.done) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('a transaction on this server does not end');
}
