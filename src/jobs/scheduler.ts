import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresBackend } from '@agendajs/postgres-backend';
import { Agenda, type AgendaBackend, type JobRepository } from 'agenda';
import type pg from 'pg';
import { KnownError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';

/** A recurring tick. It only tells the workers to look; what is to be done is a row that one of them claims. */
export interface Tick {
  name: string;
  /** Agenda's own words: `1 second`, `5 seconds`, `1 hour`. */
  every: string;
  run(): Promise<void>;
}

export interface Scheduler {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SchedulerDeps {
  log: Logger;
  /** Pool of the role that owns the jobs. */
  pool: pg.Pool;
  /** Moves the job store to MongoDB. */
  mongodbUri: string | undefined;
  ticks: readonly Tick[];
  onFailure(name: string): void;
}

/**
 * How long a tick stays with a worker that died while it had it. Longer than any tick runs: it only notifies. It also bounds
 * the timer that Agenda keeps for each finished job. Machines' clocks may differ by less than this.
 */
const LOCK_MS = 15_000;
/** How often each worker looks for ticks. */
const LOOK_MS = 500;
/** How often each worker looks whether the ticks are kept: the store may have become a copy from before they were. */
const KEEP_MS = 2000;
/** How long a stop waits for ticks that run. */
const DRAIN_MS = 2000;
/** How long MongoDB may take to be found; elections take less. */
const MONGO_MS = 10_000;

async function backendOf(deps: SchedulerDeps): Promise<AgendaBackend> {
  if (deps.mongodbUri) return mongoBackend(deps.mongodbUri);
  // the workers are woken by our own NOTIFY; a poll twice a second is enough for ticks
  return new PostgresBackend({ pool: deps.pool, ensureSchema: false, disableNotifications: true });
}

/** Connected before Agenda gets it: Agenda connects in its constructor, where a refusal would end the process unhandled. */
async function mongoBackend(address: string): Promise<AgendaBackend> {
  const { MongoBackend } = await import('@agendajs/mongo-backend');
  const backend = new MongoBackend({ address, options: { serverSelectionTimeoutMS: MONGO_MS } });
  const connected = backend.connect();
  await connected.catch((cause: Error) => {
    const words = `MONGODB_URI: MongoDB cannot be used (${cause.message}).`;
    throw new KnownError('misconfigured', `MongoDB: ${cause.message}`, words, { cause });
  });
  return Object.assign(backend, { connect: () => connected });
}

/**
 * Counts who is just looking for a tick. Whoever does when we stop may still be given one, which nobody would run: it goes
 * back at once. `settled` resolves when nobody looks any more.
 */
function watchTaking(repository: JobRepository, stopping: () => boolean): { settled(): Promise<unknown> } {
  const looking = new Set<Promise<unknown>>();
  const take = repository.getNextJobToRun.bind(repository);
  const takeOrGiveBack: typeof take = async (...asked) => {
    const job = await take(...asked);
    if (!job || !stopping()) return job;
    await repository.unlockJob(job);
    return undefined;
  };
  repository.getNextJobToRun = (...asked) => {
    const look = takeOrGiveBack(...asked).finally(() => looking.delete(look));
    looking.add(look);
    return look;
  };
  return { settled: () => Promise.allSettled(looking) };
}

/** The only scheduler: Agenda, with one job a tick, shared by all workers, so that each tick happens once. */
export async function createScheduler(deps: SchedulerDeps): Promise<Scheduler> {
  const { log, ticks } = deps;
  let stopping = false;
  const backend = await backendOf(deps);
  const taking = watchTaking(backend.repository, () => stopping);
  const agenda = new Agenda({
    backend,
    processEvery: LOOK_MS,
    defaultLockLifetime: LOCK_MS,
    removeOnComplete: false,
  });
  agenda.on('error', (error: unknown) => log.warn({ err: error }, 'the job store does not answer'));
  agenda.on('fail', (error: unknown, job: { attrs: { name: string } }) => {
    deps.onFailure(job.attrs.name);
    log.warn({ err: error, job: job.attrs.name }, 'tick failed, the next one tries again');
  });
  for (const tick of ticks) agenda.define(tick.name, tick.run, { lockLifetime: LOCK_MS, concurrency: 1 });

  let keeping: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  async function keep(): Promise<void> {
    const { jobs } = await agenda.queryJobs({ names: ticks.map(({ name }) => name) });
    const kept = new Set(jobs.map(({ name }) => name));
    for (const tick of ticks) if (!kept.has(tick.name) && !stopping) await agenda.every(tick.every, tick.name);
  }

  return {
    async start() {
      await agenda.start();
      for (const tick of ticks) await agenda.every(tick.every, tick.name);
      timer = setInterval(() => {
        keeping ??= keep()
          .catch((error: unknown) => log.warn({ err: error }, 'the job store does not answer'))
          .finally(() => {
            keeping = undefined;
          });
      }, KEEP_MS);
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      // begun before the stop, which gives back what is locked ahead of its time: a drained Agenda has forgotten it
      const drained = agenda.drain({ timeout: DRAIN_MS, closeConnection: false });
      await agenda.stop(false).catch((error: unknown) => log.warn({ err: error }, 'ticks could not be given back'));
      await Promise.all([
        drained,
        Promise.race([Promise.all([taking.settled(), keeping]), sleep(DRAIN_MS, undefined, { ref: false })]),
      ]);
      await backend.disconnect();
    },
  };
}
