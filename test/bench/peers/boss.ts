import PgBoss from 'pg-boss';
import type { Contender } from '../contender.ts';
import type { House } from '../lab.ts';
import { CONCURRENCY, type Work } from '../work.ts';

const QUEUE = 'send';
const BATCH = 100;
/** While some batches are fetched or completed, the others post. */
const FETCHERS = 4;

/** pg-boss, fetching and completing in batches. */
export async function createBossPeer(house: House): Promise<Contender> {
  const boss = new PgBoss({ ...house.settings, max: 10, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  const add = async (messageIds: readonly string[], startAfter?: Date) => {
    for (let from = 0; from < messageIds.length; from += 10_000) {
      const jobs = messageIds.slice(from, from + 10_000).map((id) => ({ name: QUEUE, data: { id } }));
      await boss.insert(startAfter ? jobs.map((job) => ({ ...job, startAfter })) : jobs);
    }
  };

  async function fetchAll(work: Work, isStopped: () => boolean): Promise<void> {
    while (!isStopped()) {
      const jobs = await boss.fetch<{ id: string }>(QUEUE, { batchSize: BATCH, priority: false });
      if (jobs.length === 0) return;
      await Promise.all(jobs.map((job) => work(job.data.id)));
      await boss.complete(
        QUEUE,
        jobs.map((job) => job.id),
      );
    }
  }
  return {
    name: 'pg-boss',
    async enqueue(messageIds) {
      await boss.getDb().executeSql('delete from pgboss.job where start_after <= now()', []);
      await add(messageIds);
    },
    plan: (count) =>
      add(
        Array.from({ length: count }, () => 'planned'),
        new Date(Date.now() + 86_400_000),
      ),
    async start(work) {
      let stopped = false;
      const limited = atOnce(CONCURRENCY, work);
      const fetchers = Array.from({ length: FETCHERS }, () => fetchAll(limited, () => stopped));
      return async () => {
        stopped = true;
        await Promise.all(fetchers);
      };
    },
    close: () => boss.stop({ graceful: false, wait: true }),
  };
}

/** At most `limit` at a time, the others in the order they came. */
function atOnce(limit: number, work: Work): Work {
  let free = limit;
  const line: (() => void)[] = [];
  return async (messageId) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => line.push(resolve));
    try {
      await work(messageId);
    } finally {
      const next = line.shift();
      if (next) next();
      else free++;
    }
  };
}
