import { Logger, run, runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Contender } from '../contender.ts';
import type { House } from '../lab.ts';
import { CONCURRENCY } from '../work.ts';

/** Jobs fetched at once into the local queue; larger was not faster. */
const LOCAL_QUEUE = 500;
/** Completions are gathered this long and written together. */
const COMPLETE_DELAY_MS = 20;

const silent = new Logger(() => () => {});

/** graphile-worker with its local queue and batched completion. */
export async function createGraphilePeer(house: House): Promise<Contender> {
  const pool = new pg.Pool({ ...house.settings, max: 20 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  await runMigrations({ pgPool: pool, logger: silent });
  const add = (ids: string, when: string, values: unknown[]) =>
    pool.query(
      `select count(*) from graphile_worker.add_jobs(array(
         select row('send', json_build_object('id', id), null, ${when}, null, null, null, null)::graphile_worker.job_spec
         from ${ids} as id))`,
      values,
    );
  return {
    name: 'graphile-worker',
    async enqueue(messageIds) {
      await pool.query('delete from graphile_worker._private_jobs where run_at <= now()');
      await add('unnest($1::uuid[])', 'now()', [messageIds]);
    },
    async plan(count) {
      for (let left = count; left > 0; left -= 50_000) {
        await add('generate_series(1, $1)', `now() + interval '1 day'`, [Math.min(left, 50_000)]);
      }
    },
    async start(work) {
      const runner = await run({
        pgPool: pool,
        logger: silent,
        noHandleSignals: true,
        parsedCronItems: [],
        preset: {
          worker: {
            concurrentJobs: CONCURRENCY,
            localQueue: { size: LOCAL_QUEUE },
            completeJobBatchDelay: COMPLETE_DELAY_MS,
            failJobBatchDelay: COMPLETE_DELAY_MS,
          },
        },
        taskList: { send: (payload) => work((payload as { id: string }).id) },
      });
      return () => runner.stop();
    },
    close: () => pool.end(),
  };
}
