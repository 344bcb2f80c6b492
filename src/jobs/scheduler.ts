import { PostgresBackend } from '@agendajs/postgres-backend';
import { Agenda, type AgendaBackend } from 'agenda';
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

/** Longer than any tick runs; it also bounds the timer that Agenda keeps for each finished job. */
const LOCK_MS = 30_000;
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

/** The only scheduler: Agenda, with one job a tick, shared by all workers, so that each tick happens once. */
export async function createScheduler(deps: SchedulerDeps): Promise<Scheduler> {
  const { log, ticks } = deps;
  const agenda = new Agenda({
    backend: await backendOf(deps),
    processEvery: 500,
    defaultLockLifetime: LOCK_MS,
    removeOnComplete: false,
  });
  agenda.on('error', (error: unknown) => log.warn({ err: error }, 'the job store does not answer'));
  agenda.on('fail', (error: unknown, job: { attrs: { name: string } }) => {
    deps.onFailure(job.attrs.name);
    log.warn({ err: error, job: job.attrs.name }, 'tick failed, the next one tries again');
  });
  for (const tick of ticks) agenda.define(tick.name, tick.run, { lockLifetime: LOCK_MS, concurrency: 1 });

  return {
    async start() {
      await agenda.start();
      for (const tick of ticks) await agenda.every(tick.every, tick.name);
    },
    async stop() {
      // a tick takes milliseconds; what is locked ahead is given back at once instead of after the lock's lifetime
      await agenda.drain(2000).catch(() => {});
      await agenda.stop();
    },
  };
}
