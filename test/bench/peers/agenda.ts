import { PostgresBackend } from '@agendajs/postgres-backend';
import { Agenda } from 'agenda';
import pg from 'pg';
import type { Contender } from '../contender.ts';
import type { House } from '../lab.ts';
import { CONCURRENCY } from '../work.ts';

/** Agenda refills its line only on its timer, so the timer is fast and nothing limits what it locks. */
const PROCESS_EVERY_MS = 100;
/** Each finished job leaves a timer of half this behind. */
const LOCK_MS = 30_000;

/** One Agenda job a message, in the same database, as Agenda's own `now()` would store it. */
export function createAgendaPeer(house: House): Contender {
  const pool = new pg.Pool({ ...house.settings, max: 20, options: '-c role=leadrescue_system' });
  pool.on('error', () => {});
  return {
    name: 'agenda',
    async enqueue(messageIds) {
      await pool.query('delete from agenda_jobs where next_run_at <= now()');
      await pool.query(
        `insert into agenda_jobs (name, next_run_at, data) select 'send', now(), jsonb_build_object('id', id)
         from unnest($1::uuid[]) as id`,
        [messageIds],
      );
    },
    async plan(count) {
      await pool.query(
        `insert into agenda_jobs (name, next_run_at, data)
         select 'send', now() + interval '1 day', jsonb_build_object('id', uuidv7()) from generate_series(1, $1)`,
        [count],
      );
    },
    async start(work) {
      const agenda = new Agenda({
        backend: new PostgresBackend({ pool, ensureSchema: false }),
        processEvery: PROCESS_EVERY_MS,
        maxConcurrency: CONCURRENCY,
        defaultConcurrency: CONCURRENCY,
        defaultLockLifetime: LOCK_MS,
        removeOnComplete: true,
      });
      agenda.on('error', () => {}); // a job that is gone when its turn comes
      agenda.define<{ id: string }>('send', (job) => work(job.attrs.data.id));
      await agenda.start();
      return async () => {
        await agenda.drain(2000).catch(() => {});
        await agenda.stop();
      };
    },
    close: () => pool.end(),
  };
}
