import { completeStale } from './cadence/index.ts';
import type { Database } from './db/index.ts';
import { requestFeeds, type WakeReason, wake } from './events/index.ts';
import type { Inbox } from './inbox/index.ts';
import type { Tick } from './jobs/index.ts';
import type { Logger } from './lib/logger.ts';
import type { Pump } from './lib/pump.ts';
import { type Dispatcher, type DispatcherDeps, reconcile, releaseExpired, type Templates } from './messaging/index.ts';

/*
 * What a worker does when it is woken. Agenda's ticks only notify; every worker hears it and takes rows that nobody
 * else has taken.
 */

export function createTicks(db: Database): Tick[] {
  const notify = (reason: WakeReason) => async () => {
    await wake(db.system, reason);
  };
  return [
    { name: 'messages', every: '1 second', run: notify('messages') },
    { name: 'effects', every: '1 second', run: notify('effects') },
    { name: 'housekeeping', every: '2 seconds', run: notify('housekeeping') },
    { name: 'phones', every: '5 seconds', run: notify('phones') },
    { name: 'alerts', every: '5 seconds', run: notify('alerts') },
    { name: 'templates', every: '20 seconds', run: notify('templates') },
    { name: 'seal', every: '10 seconds', run: notify('seal') },
    { name: 'retention', every: '1 hour', run: notify('retention') },
    { name: 'reports', every: '2 seconds', run: notify('reports') },
    { name: 'slack', every: '1 minute', run: notify('slack') },
  ];
}

export interface WorkerDeps {
  db: Database;
  log: Logger;
  dispatcher: Dispatcher;
  dispatching: DispatcherDeps;
  /** Lines of effects, each with its own kinds. */
  relays: readonly Pump[];
  templates: Templates;
  retryWebhooks(): ReturnType<Inbox['retry']>;
  /** Makes leads of what ads and other systems brought. */
  makeLeads(): Promise<number>;
  /** Deletes what has been kept long enough. */
  purge(): Promise<unknown>;
  /** Lets messages go that wait for a tenant which is live by now. */
  sweep(): Promise<number>;
  /** Asks what senders cost, and looks after what waits for those that were put away. */
  tendSenders(): Promise<void>;
  /** Begins and ends what colleagues stand in for. */
  handOver(): Promise<number>;
  /** Reminds those who owe an answer for too long. */
  remind(): Promise<number>;
  /** Looks for what somebody should see to. */
  watch(): Promise<number>;
  /** Keeps the numbers up with the log, and decides on digests. */
  report(): Promise<unknown>;
  /** Seals what has happened, and asks for heads to be shown. */
  seal(): Promise<void>;
  /** Holds linked phones: takes those that nobody holds, lets go those that are gone. */
  tendPhones(): Promise<void>;
  /** Asks Slack who of the staff is still there, and where we still are. */
  lookRound(): Promise<void>;
  loadClock(): Promise<void>;
}

export interface Worker {
  onWake(reason: string): void;
  stop(): Promise<void>;
}

export function createWorker(deps: WorkerDeps): Worker {
  const { db, log, dispatcher, relays } = deps;
  const underWay = new Map<string, Promise<void>>();
  const again = new Set<string>();
  let stopped = false;

  /**
   * One run of a kind at a time, and one more when it is asked for meanwhile: what was asked for may have changed after
   * it was read. A failure is told and the next tick tries again.
   */
  function alone(name: string, work: () => Promise<unknown>): void {
    if (underWay.has(name)) {
      again.add(name);
      return;
    }
    const run = work()
      .then(() => {})
      .catch((error) => log.warn({ err: error, work: name }, 'work failed, the next tick tries again'))
      .finally(() => {
        underWay.delete(name);
        if (again.delete(name) && !stopped) alone(name, work);
      });
    underWay.set(name, run);
  }

  async function housekeeping(): Promise<void> {
    await requestFeeds(db.system);
    const released = await releaseExpired(db.system);
    if (released > 0) dispatcher.wake();
    // as long as there is something to settle: after an outage it may be a lot
    while ((await reconcile(deps.dispatching)) > 0) dispatcher.wake();
    await deps.retryWebhooks();
    await deps.handOver();
    await deps.remind();
  }

  return {
    onWake(reason) {
      switch (reason as WakeReason) {
        case 'messages':
          dispatcher.wake();
          break;
        case 'leads':
          alone('leads', () => deps.makeLeads());
          break;
        case 'effects':
          for (const relay of relays) {
            relay
              .run()
              .catch((error) => log.warn({ err: error }, 'the outbox could not be read, the next tick tries again'));
          }
          break;
        case 'housekeeping':
          alone('housekeeping', housekeeping);
          alone('leads', () => deps.makeLeads());
          break;
        case 'alerts':
          alone('alerts', () => deps.watch());
          break;
        case 'templates':
          alone('templates', () => deps.templates.follow());
          alone('sweep', () => deps.sweep());
          alone('senders', () => deps.tendSenders());
          break;
        case 'retention':
          alone('retention', async () => {
            await completeStale(db.system, deps.dispatching.clock.now());
            await deps.purge();
          });
          break;
        case 'reports':
          alone('reports', () => deps.report());
          break;
        case 'phones':
          alone('phones', () => deps.tendPhones());
          break;
        case 'slack':
          alone('slack', () => deps.lookRound());
          break;
        case 'seal':
          alone('seal', () => deps.seal());
          break;
        case 'clock':
          alone('clock', () => deps.loadClock());
          break;
      }
    },
    async stop() {
      stopped = true;
      await Promise.all([dispatcher.stop(), ...relays.map((relay) => relay.drain())]);
      await Promise.all(underWay.values());
    },
  };
}
