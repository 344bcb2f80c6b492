import type { Database } from '../db/index.ts';
import type { AccountId, LeadId } from '../lib/ids.ts';
import type { Playbook } from '../tenants/index.ts';
import { begin } from './begin.ts';
import { claim } from './due.ts';
import { advanceLeads } from './first-sent.ts';
import { afterSend, COOL_SECONDS, type Next } from './outcome.ts';
import type { Gateway, SendOutcome } from './port.ts';
import { type BatchDeps, type Prepared, prepare } from './prepare.ts';
import { coolDown, markUnreachable, type Recorded, record, type Transition } from './record.ts';

export interface DispatcherDeps extends BatchDeps {
  db: Database;
  /** The gateway of each vendor. */
  gateways: ReadonlyMap<string, Gateway>;
  /** This process among the workers: marks claims and attempts, and names the lock it holds while it lives. */
  worker: number;
  /** Total time of one request to a gateway, in ms. */
  httpTimeoutMs: number;
  /** Requests in flight at once. */
  concurrency: number;
  /** The accounts from which messages may leave now (their inbound messages are known up to now). */
  serveable(): Promise<AccountId[]>;
  /** A gateway says that it blocks this person: an opt-out that we did not know of. */
  onOptedOut(message: Recorded): Promise<void>;
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
/** Pause when an account's rate holds messages back. */
const PACE_MS = 40;

/**
 * Sends what is due: claims in batches, guards and writes, marks as sending, posts concurrently, records outcomes in
 * bulk. One loop per process; any number of processes work side by side.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { db, clock, log, worker } = deps;
  const checkAfterSeconds = (3 * deps.httpTimeoutMs) / 1000;
  let outcomes: { prepared: Prepared; outcome: SendOutcome }[] = [];
  let flushTimer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  let inFlight = 0;
  let loop: Promise<void> | undefined;
  let woken = false;
  let stopped = false;
  let onSlot: (() => void) | undefined;

  function post(prepared: Prepared, deadline: number): void {
    inFlight++;
    const gateway = deps.gateways.get(prepared.account.vendor);
    const sending: Promise<SendOutcome> = gateway
      ? gateway.send(prepared.outgoing, deadline)
      : Promise.resolve({ kind: 'not_written', detail: 'no gateway' });
    void sending.then((outcome) => {
      inFlight--;
      outcomes.push({ prepared, outcome });
      deps.observe?.({
        outcome: outcome.kind,
        latenessMs: Math.max(0, clock.now().getTime() - prepared.message.dueAt.getTime()),
      });
      if (outcomes.length >= FLUSH_COUNT) flush();
      else flushTimer ??= setTimeout(flush, FLUSH_MS);
      onSlot?.();
    });
  }

  function flush(): void {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    const batch = outcomes;
    outcomes = [];
    if (batch.length > 0) flushing = flushing.then(() => settle(batch));
  }

  async function settle(batch: { prepared: Prepared; outcome: SendOutcome }[]): Promise<void> {
    const now = clock.now();
    const nexts = batch.map(({ prepared, outcome }) => ({
      prepared,
      outcome,
      next: afterSend(outcome, prepared.attempt, prepared.other?.channel ?? null),
    }));
    const moves = nexts.map(({ prepared, outcome, next }) => toTransition(prepared, outcome, next, now));
    try {
      const recorded = await record(db.system, worker, now, checkAfterSeconds, moves);
      await aftermath(nexts, recorded);
    } catch (error) {
      // not lost: every attempt is written down as `sending`, and the reconciler asks the gateway about it
      log.error({ err: error, messages: batch.length }, 'outcomes could not be recorded, they will be reconciled');
    }
  }

  async function aftermath(
    nexts: { prepared: Prepared; outcome: SendOutcome; next: Next }[],
    recorded: Recorded[],
  ): Promise<void> {
    const byId = new Map(recorded.map((row) => [row.id, row]));
    await markUnreachable(
      db.system,
      nexts
        .filter(({ outcome }) => outcome.kind === 'refused' && outcome.reason === 'unreachable')
        .map(({ prepared }) => ({ id: prepared.id, channel: prepared.message.channel })),
    );
    const started: { playbook: Playbook; leadId: LeadId }[] = [];
    for (const { prepared, outcome, next } of nexts) {
      const row = byId.get(prepared.id);
      if (next.kind === 'opted_out' && row) await deps.onOptedOut(row);
      if (prepared.first && next.kind === 'sent' && row?.leadId)
        started.push({ playbook: prepared.playbook, leadId: row.leadId });
      if (outcome.kind === 'refused' && (outcome.reason === 'throttled' || outcome.reason === 'sender')) {
        await coolDown(db.system, prepared.account.id, COOL_SECONDS[outcome.reason]);
        const facts = { account: prepared.account.id, code: outcome.code };
        if (outcome.reason === 'sender')
          log.error(facts, 'the gateway refuses our account: check its credentials and sender');
        else log.warn(facts, 'the gateway asks to slow down');
      }
    }
    for (const playbook of new Set(started.map((each) => each.playbook))) {
      const { stages, onSent } = playbook.pipeline;
      const from = stages.filter((stage) => stage.moves.includes(onSent)).map((stage) => stage.key);
      const leads = started.filter((each) => each.playbook === playbook).map((each) => each.leadId);
      await advanceLeads(db.system, leads, from, onSent, clock.now());
    }
    if (nexts.some(({ next }) => next.kind === 'fallback')) wake();
  }

  async function round(accounts: AccountId[]): Promise<'more' | 'done'> {
    const { messages, more } = await claim(db.system, worker, clock.now(), deps.concurrency - inFlight, accounts);
    if (messages.length === 0) return more ? 'more' : 'done';
    const { ready, moves } = await prepare(deps, messages);
    const rerouted = moves.some((move) => move.channel !== undefined);
    await record(db.system, worker, clock.now(), checkAfterSeconds, moves);
    if (ready.length > 0) {
      // taken before the statement, so that time spent waiting for its answer counts against us
      const deadline = clock.machine() + deps.httpTimeoutMs;
      const mayLeave = await begin(db.system, worker, ready, checkAfterSeconds);
      for (const prepared of ready) if (mayLeave.has(prepared.id)) post(prepared, deadline);
    }
    return more || rerouted || messages.length > 0 ? 'more' : 'done';
  }

  async function run(): Promise<void> {
    const accounts = await deps.serveable();
    while (!stopped) {
      woken = false;
      if (deps.concurrency - inFlight < Math.max(1, deps.concurrency / 4)) {
        await new Promise<void>((resolve) => {
          onSlot = resolve;
        });
        onSlot = undefined;
        continue;
      }
      const before = inFlight;
      const result = await round(accounts);
      if (result === 'done' && !woken) return;
      // nothing new left although more is due: an account's rate holds it back
      if (result === 'more' && inFlight <= before) await new Promise((resolve) => setTimeout(resolve, PACE_MS));
    }
  }

  function wake(): void {
    woken = true;
    if (stopped || loop) return;
    loop = run()
      .catch((error) => {
        log.warn({ err: error }, 'dispatch round failed, the next tick tries again');
      })
      .finally(() => {
        loop = undefined;
        if (woken && !stopped) wake();
      });
  }

  async function idle(): Promise<void> {
    while (loop || inFlight > 0 || outcomes.length > 0) {
      if (outcomes.length > 0) flush();
      await flushing;
      if (loop || inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await flushing;
  }

  return {
    wake,
    idle,
    async stop() {
      stopped = true;
      onSlot?.();
      await idle();
    },
  };
}

function toTransition(prepared: Prepared, outcome: SendOutcome, next: Next, now: Date): Transition {
  const { message, attempt } = prepared;
  const step = message.stepKey ? { step: message.stepKey } : {};
  const base = { id: prepared.id, attempt, from: 'sending', last: prepared.last } as const;
  const code =
    outcome.kind === 'refused' ? outcome.code : outcome.kind === 'accepted' ? '' : outcome.detail.slice(0, 120);
  const refused = (label: string) =>
    ({ type: 'message.refused', data: { channel: message.channel, attempt, ...step, code, next: label } }) as const;
  const notSent = { state: 'not_sent', code } as const;
  switch (next.kind) {
    case 'sent':
      return {
        ...base,
        state: 'sent',
        send: { state: 'accepted', ...(outcome.kind === 'accepted' && { gatewayId: outcome.gatewayId }) },
        event: { type: 'message.sent', data: { channel: message.channel, attempt, ...step, purpose: message.purpose } },
      };
    case 'uncertain':
      return {
        ...base,
        state: 'uncertain',
        reason: code,
        send: { state: 'uncertain', code },
        event: { type: 'message.uncertain', data: { channel: message.channel, attempt, ...step } },
      };
    case 'again': {
      const dueAt = new Date(now.getTime() + next.afterSeconds * 1000);
      return { ...base, state: 'scheduled', reason: `again:${code}`, dueAt, send: notSent, event: refused('again') };
    }
    case 'fallback': {
      const other = prepared.other;
      const to = other ? { channel: other.channel, accountId: other.id } : {};
      return {
        ...base,
        state: 'scheduled',
        reason: `fallback:${code}`,
        dueAt: now,
        ...to,
        send: notSent,
        event: refused('fallback'),
      };
    }
    case 'hold':
      return { ...base, state: 'held', reason: code, send: notSent, event: refused('hold') };
    case 'failed':
    case 'opted_out':
      return { ...base, state: 'failed', reason: code, send: notSent, event: refused(next.kind) };
  }
}
