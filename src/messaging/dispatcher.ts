import { type Database, isOutage } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { AccountId, LeadId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { begin } from './begin.ts';
import { claim, giveBack, giveBackUnheard } from './due.ts';
import { advanceLeads } from './first-sent.ts';
import type { GatewayBook } from './gateway-book.ts';
import type { Health } from './health.ts';
import { afterSend, COOL_SECONDS, type Next } from './outcome.ts';
import type { SendOutcome } from './port.ts';
import { type BatchDeps, type Prepared, prepare } from './prepare.ts';
import { type Blocked, coolDown, markUnreachable, record } from './record.ts';
import { NEVER_BEGUN, toTransition } from './transition.ts';

export interface DispatcherDeps extends BatchDeps {
  clock: Clock;
  log: Logger;
  db: Database;
  /** The gateway of each account. */
  gateways: GatewayBook;
  /** Learns from every outcome how the account does. */
  health: Health;
  /** This process among the workers: marks claims and attempts, and names the lock it holds while it lives. */
  worker: number;
  /** Total time of one request to a gateway, in ms. */
  httpTimeoutMs: number;
  /** Requests in flight at once. */
  concurrency: number;
  /** The accounts from which messages may leave now (their inbound messages are known up to now). */
  serveable(): Promise<AccountId[]>;
  /** Not among them: those that could not say what came while nobody listened. What waits there goes by others. */
  unheard(): readonly AccountId[];
  /** A gateway says that it blocks this person: an opt-out that we did not know of. */
  onOptedOut(message: Blocked): Promise<void>;
  observe?(sent: { outcome: SendOutcome['kind']; latenessMs: number }): void;
}

export interface Dispatcher {
  /** Something may be due. Returns at once; rounds go on until nothing is due. */
  wake(): void;
  /** Resolves when nothing is claimed, in flight or unrecorded here. */
  idle(): Promise<void>;
  /** Claims nothing more, waits for what is in flight and records it. */
  stop(): Promise<void>;
}

/** Outcomes are written together, at the latest after this long (G3 counts on it). */
const FLUSH_MS = 15;
const FLUSH_COUNT = 128;
/** What one statement records at most: its time must not grow with what queued up behind the one before. */
const FLUSH_MOST = 512;
/** Pause when an account's rate holds messages back. */
const PACE_MS = 40;
/** How long a known outcome waits for the database before the reconciler decides without it; and once we are to stop. */
const PATIENCE_MS = 45_000;
const LAST_PATIENCE_MS = 3000;
const RETRY_MS = 100;
/** How many may wait for a free slot, and how many slots must be free before messages are begun together: shares of all. */
const AHEAD = 1.5;
const CHUNK = 0.5;

/** Written and still claimed: it may be begun until its deadline (machine ms), then it is given back. */
interface Waiting {
  prepared: Prepared;
  deadline: number;
}

interface Posted {
  prepared: Prepared;
  outcome: SendOutcome;
}

/**
 * Sends what is due, as a line of four stations that work at the same time: claim in batches, guard and write; mark as
 * sending; post concurrently; record outcomes in bulk. One line per process; any number of processes work side by side.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { db, clock, log, worker } = deps;
  const checkAfterSeconds = (3 * deps.httpTimeoutMs) / 1000;
  /** The next ones, ready when slots become free. */
  const waiting: Waiting[] = [];
  const outcomes: Posted[] = [];
  let flushTimer: NodeJS.Timeout | undefined;
  let recording: Promise<void> | undefined;
  let beginning: Promise<void> | undefined;
  /** Slots taken: being marked as sending, or with a gateway. */
  let inFlight = 0;
  let loop: Promise<void> | undefined;
  let woken = false;
  /** A statement failed: we may hold claims that we do not know of. */
  let astray = false;
  let stopped = false;
  let onTaken: (() => void) | undefined;

  function post(prepared: Prepared, deadline: number): void {
    const { gateway, route } = prepared;
    const since = clock.machine();
    const sending: Promise<SendOutcome> = gateway
      ? gateway.send(prepared.outgoing, deadline)
      : Promise.resolve({ kind: 'not_written', detail: 'no gateway' });
    void sending.then((outcome) => {
      inFlight--;
      deps.health.saw({ ...prepared.account, rests: route.rests }, outcome, clock.machine() - since, {
        tenantId: prepared.message.tenantId,
        ...prepared.outgoing,
      });
      outcomes.push({ prepared, outcome });
      deps.observe?.({
        outcome: outcome.kind,
        latenessMs: Math.max(0, clock.now().getTime() - prepared.message.dueAt.getTime()),
      });
      if (outcomes.length >= FLUSH_COUNT) flush();
      else flushTimer ??= setTimeout(flush, FLUSH_MS);
      beginWaiting();
    });
  }

  /** One statement at a time; what comes in meanwhile goes with the next. */
  function flush(): void {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    if (recording || outcomes.length === 0) return;
    const batch = outcomes.splice(0, FLUSH_MOST);
    recording = settle(batch).finally(() => {
      recording = undefined;
      flush();
    });
  }

  /** Takes what waits as soon as enough slots are free. */
  function beginWaiting(): void {
    const free = deps.concurrency - inFlight;
    if (stopped || beginning || free < Math.min(waiting.length, Math.ceil(deps.concurrency * CHUNK))) return;
    const batch = waiting.splice(0, free);
    if (batch.length === 0) return;
    inFlight += batch.length;
    onTaken?.();
    let left = batch.length;
    beginning = beginAll(batch, () => left--)
      .catch((error) => log.warn({ err: error }, 'messages could not be begun, their leases run out'))
      .finally(() => {
        inFlight -= left;
        beginning = undefined;
        beginWaiting();
      });
  }

  async function beginAll(batch: readonly Waiting[], onPost: () => void): Promise<void> {
    const now = clock.machine();
    const late = batch.filter(({ deadline }) => deadline <= now);
    if (late.length > 0) await giveBack(db.system, worker, idsOf(late));
    const inTime = batch.filter(({ deadline }) => deadline > now);
    const ready = inTime.map(({ prepared }) => prepared);
    const mayLeave = await begin(db.system, worker, ready, checkAfterSeconds).catch(async (error) => {
      astray = true;
      // it may have been done although we did not hear of it: nobody but us knows that nothing has left. Said before
      // anything else is begun here, or it would be taken for the outcome of what is
      await settle(ready.map((prepared) => ({ prepared, outcome: NEVER_BEGUN })));
      throw error;
    });
    for (const { prepared, deadline } of inTime) {
      if (!mayLeave.has(prepared)) continue;
      onPost();
      post(prepared, deadline);
    }
  }

  /** Does it again while the database is away. */
  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    const since = clock.machine();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const waited = clock.machine() - since;
        if (!isOutage(error) || waited >= (stopped ? LAST_PATIENCE_MS : PATIENCE_MS)) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async function settle(batch: readonly Posted[]): Promise<void> {
    const now = clock.now();
    const nexts = batch.map(({ prepared, outcome }) => ({
      prepared,
      outcome,
      next: afterSend(outcome, prepared.attempt, prepared.other?.channel ?? null, {
        switchable: prepared.switchable,
        standby: prepared.standby !== null,
      }),
    }));
    const moves = nexts.map(({ prepared, outcome, next }) => toTransition(prepared, outcome, next, now));
    try {
      // nobody tells us twice: once it is recorded that they are blocked, they have opted out here
      for (const { prepared, next } of nexts) {
        const { id, message } = prepared;
        const { tenantId, personId } = message;
        if (next.kind === 'opted_out') await patiently(() => deps.onOptedOut({ id, tenantId, personId }));
      }
      await patiently(() => record(db.system, worker, now, checkAfterSeconds, moves));
      await aftermath(nexts);
    } catch (error) {
      // not lost: every attempt is written down as `sending`, and the reconciler asks the gateway about it
      log.error({ err: error, messages: batch.length }, 'outcomes could not be recorded, they will be reconciled');
    }
  }

  async function aftermath(nexts: readonly (Posted & { next: Next })[]): Promise<void> {
    await markUnreachable(
      db.system,
      nexts
        .filter(({ outcome }) => outcome.kind === 'refused' && outcome.reason === 'unreachable')
        .map(({ prepared: { id, attempt, message } }) => ({ id, attempt, channel: message.channel })),
    );
    const started: LeadId[] = [];
    for (const { prepared, outcome, next } of nexts) {
      const { leadId } = prepared.message;
      if (prepared.first && next.kind === 'sent' && leadId) started.push(leadId);
      if (outcome.kind === 'refused' && outcome.reason === 'throttled') {
        await coolDown(db.system, prepared.account.id, COOL_SECONDS.throttled);
        log.warn({ account: prepared.account.id, code: outcome.code }, 'the gateway asks to slow down');
      }
      if (outcome.kind === 'refused' && outcome.reason === 'sender') {
        const facts = { account: prepared.account.id, code: outcome.code };
        log.warn(facts, 'the gateway refuses our account: check its credentials and sender');
      }
    }
    await advanceLeads(db.system, deps.playbooks, started, clock.now());
    if (nexts.some(({ next }) => next.kind === 'fallback' || next.kind === 'elsewhere')) wake();
  }

  /** One claim: what may leave is put in line, what may not is recorded. */
  async function supply(accounts: AccountId[]): Promise<'more' | 'held_back' | 'done'> {
    // taken before the claim, so that time spent waiting for a statement or a slot counts against the message
    const taken = clock.machine();
    const deadline = taken + deps.httpTimeoutMs;
    const limit = Math.ceil(deps.concurrency * (1 + AHEAD)) - inFlight - waiting.length;
    const unheard = deps.unheard();
    const { messages, more } = await claim(db.system, worker, clock.now(), limit, accounts, unheard);
    if (messages.length === 0) return more ? 'held_back' : 'done';
    const { ready, moves } = await prepare(deps, messages, unheard);
    await record(db.system, worker, clock.now(), checkAfterSeconds, moves);
    // the hours may close while it waits for a slot: it may be held here no longer than inside the gateway
    waiting.push(
      ...ready.map((prepared) => ({
        prepared,
        deadline: Math.min(deadline, taken + prepared.outgoing.validitySeconds * 1000),
      })),
    );
    beginWaiting();
    return ready.length > 0 ? 'more' : 'held_back';
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      if (waiting.length > (deps.concurrency * AHEAD) / 3) {
        await new Promise<void>((resolve) => {
          onTaken = resolve;
        });
        onTaken = undefined;
        continue;
      }
      if (astray) {
        await giveBackUnheard(db.system, worker, idsOf(waiting));
        astray = false;
      }
      // asked each time: while a long backlog leaves, those who receive webhooks may go away
      const result = await supply(await deps.serveable());
      if (result === 'done' && !woken) return;
      if (result === 'held_back') await new Promise((resolve) => setTimeout(resolve, PACE_MS));
    }
  }

  function wake(): void {
    woken = true;
    if (stopped || loop) return;
    loop = run()
      .catch((error) => {
        astray = true;
        log.warn({ err: error }, 'dispatch round failed, the next tick tries again');
      })
      .finally(() => {
        loop = undefined;
        if (woken && !stopped) wake();
      });
  }

  async function idle(): Promise<void> {
    while (loop || beginning || recording || waiting.length > 0 || inFlight > 0 || outcomes.length > 0) {
      flush();
      await (recording ?? new Promise((resolve) => setTimeout(resolve, 2)));
    }
  }

  return {
    wake,
    idle,
    async stop() {
      stopped = true;
      onTaken?.();
      await loop;
      await giveBack(db.system, worker, idsOf(waiting.splice(0))).catch((error) => {
        log.warn({ err: error }, 'claims could not be given back, their leases run out');
      });
      await idle();
      await deps.health.settle();
    },
  };
}

const idsOf = (batch: readonly Waiting[]) => batch.map(({ prepared }) => prepared.id);
