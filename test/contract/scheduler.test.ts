import { MongoBackend } from '@agendajs/mongo-backend';
import { PostgresBackend } from '@agendajs/postgres-backend';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgendaBackend } from 'agenda';
import pg from 'pg';
import { asRole } from '../../src/db/connection.ts';
import { createScheduler, type Scheduler, type Tick } from '../../src/jobs/index.ts';
import { newId } from '../../src/lib/ids.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { freshDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

/* What the clock of the workers promises, wherever its jobs are kept. Each scheduler here is one worker's. */

interface Store {
  /** What a scheduler is told of the store. */
  deps: { pool: pg.Pool; mongodbUri: string | undefined };
  /** A look at the jobs from outside. */
  look: AgendaBackend;
  /** Makes whoever looks for ticks wait for the store; resolves when somebody does, with what lets them go on. */
  holdUp?(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Far longer than a dead worker's tick stays with it. */
const LONG_AGO_MS = 3_600_000;

function describeScheduler(name: string, open: () => Promise<Store>): void {
  describe(`ticks kept in ${name}`, () => {
    let store: Store;
    let schedulers: Scheduler[] = [];
    let failed: string[] = [];
    /** Another run on the same store has names of its own. */
    const mine = newId();
    const tick = (tickName: string, run: Tick['run'], every = '0.2 seconds'): Tick => ({
      name: `${mine}/${tickName}`,
      every,
      run,
    });

    async function start(...ticks: Tick[]): Promise<Scheduler> {
      const onFailure = (tickName: string) => void failed.push(tickName);
      const scheduler = await createScheduler({ ...store.deps, ticks, onFailure, log: createLogger('silent') });
      schedulers.push(scheduler);
      await scheduler.start();
      return scheduler;
    }
    const jobs = async () => (await store.look.repository.queryJobs()).jobs.filter((job) => job.name.startsWith(mine));

    /** The job as a worker leaves it that dies `agoMs` after it took it. */
    async function leaveLocked(tickName: string, agoMs: number): Promise<void> {
      const job = (await jobs()).find((each) => each.name.endsWith(tickName));
      if (!job) throw new Error(`there is no ${tickName}`);
      await store.look.repository.saveJobState({ ...job, lockedAt: new Date(Date.now() - agoMs) }, undefined);
    }

    beforeAll(async () => {
      store = await open();
    });
    afterEach(async () => {
      await Promise.all(schedulers.map((each) => each.stop()));
      schedulers = [];
      failed = [];
      const names = (await jobs()).map((job) => job.name);
      if (names.length > 0) await store.look.repository.removeJobs({ names });
    });
    afterAll(() => store.close());

    test('three workers keep one job of a tick, which runs once at a time, by whoever is left', async () => {
      let running = 0;
      let most = 0;
      let last = -1;
      const shared = (worker: number) =>
        tick('shared', async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 5));
          running--;
          last = worker;
        });
      const left = new Map(
        await Promise.all([0, 1, 2].map(async (worker) => [worker, await start(shared(worker))] as const)),
      );
      while (left.size > 0) {
        await until(() => left.has(last), 'a run by one who is left');
        expect(await jobs()).toHaveLength(1);
        const ran = last;
        await left.get(ran)?.stop();
        left.delete(ran);
      }
      expect(most).toBe(1);
    });

    test('a worker that starts runs a new tick at once, and brings no known one forward', async () => {
      let runs = 0;
      const rare = () =>
        tick(
          'rare',
          async () => {
            runs++;
          },
          '1 hour',
        );
      const first = await start(rare());
      await until(() => runs === 1, 'the first run');
      await first.stop();
      const due = async () => (await jobs())[0]?.nextRunAt;
      const before = await due();
      expect(before?.getTime()).toBeGreaterThan(Date.now());
      await (await start(rare())).stop();
      expect({ due: await due(), runs }).toEqual({ due: before, runs: 1 });
    });

    test('a tick that fails is counted, and comes again', async () => {
      let runs = 0;
      await start(
        tick('failing', async () => {
          if (++runs === 1) throw new Error('the database is away');
        }),
      );
      await until(() => runs >= 3, 'two more runs');
      expect(failed).toEqual([`${mine}/failing`]);
    });

    test('ticks that the store has lost are kept again', async () => {
      let runs = 0;
      await start(tick('lost', async () => void runs++));
      await until(() => runs > 0, 'the first run');
      await store.look.repository.removeJobs({ names: (await jobs()).map((job) => job.name) });
      runs = 0;
      await until(() => runs > 2, 'more runs');
    });

    test('what a dead worker had is taken over once fifteen seconds have passed, and not before', async () => {
      const ran = { old: 0, fresh: 0 };
      const ticks = () => [
        tick('old', async () => void ran.old++),
        tick('fresh', async () => void ran.fresh++),
        tick('idle', async () => {}),
      ];
      const dead = await start(...ticks());
      await until(() => ran.old > 0 && ran.fresh > 0, 'first runs');
      await dead.stop();
      await leaveLocked('old', 15_500);
      await leaveLocked('fresh', 2000);
      const before = { ...ran };
      await start(...ticks());
      await until(() => ran.old >= before.old + 2, 'the old one again, twice');
      expect(ran.fresh).toBe(before.fresh);
      await leaveLocked('fresh', LONG_AGO_MS);
      await until(() => ran.fresh >= before.fresh + 2, 'the other one');
    });

    test('a stop waits for what runs, begins nothing more, and leaves nothing locked', async () => {
      let runs = 0;
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const slow = await start(
        tick('slow', async () => {
          runs++;
          await held;
          runs++;
        }),
      );
      await until(() => runs === 1, 'a run that takes long');
      const stopped = slow.stop();
      release();
      await stopped;
      expect(runs).toBe(2);

      // while it has taken some ahead of their time, and while it is asking for more
      const many = Array.from({ length: 6 }, (_, n) => tick(`many ${n}`, async () => void runs++, '0.3 seconds'));
      const locked = async () => (await jobs()).filter((job) => job.lockedAt).length;
      const ahead = await start(...many);
      await until(async () => (await locked()) > 0, 'one that is taken ahead');
      await ahead.stop();
      expect(await locked()).toBe(0);
      const asking = await start(...many);
      const goOn = await store.holdUp?.();
      const end = asking.stop();
      await goOn?.();
      await end;
      const before = runs; // with what had begun already
      expect(await locked()).toBe(0);
      await until(async () => (await jobs()).every((job) => (job.nextRunAt ?? 0) < new Date()), 'all to be due');
      expect(runs).toBe(before);
    });
  });
}

describeScheduler('PostgreSQL', async () => {
  const database = await freshDatabase();
  const pool = new pg.Pool({ ...asRole(database.settings, 'leadrescue_system'), max: 8 });
  return {
    deps: { pool, mongodbUri: undefined },
    look: new PostgresBackend({ pool, ensureSchema: false, disableNotifications: true }),
    async holdUp() {
      const client = new pg.Client(database.settings);
      await client.connect();
      await client.query('begin; lock table agenda_jobs in access exclusive mode');
      const waiting = `select from pg_locks where relation = 'agenda_jobs'::regclass and not granted`;
      await until(async () => (await client.query(waiting)).rowCount, 'somebody who looks');
      return () => client.end();
    },
    async close() {
      await pool.end();
      await database.drop();
    },
  };
});

const { MONGODB_URI } = process.env;
if (MONGODB_URI) {
  describeScheduler('MongoDB', async () => {
    const look = new MongoBackend({ address: MONGODB_URI });
    await look.connect();
    return { deps: { pool: new pg.Pool({ max: 1 }), mongodbUri: MONGODB_URI }, look, close: () => look.disconnect() };
  });
} else {
  test.skip('ticks kept in MongoDB: not proven here, MONGODB_URI is not set', () => {});
}
