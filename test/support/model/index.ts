import { gatewaySteps } from './gateway-steps.ts';
import { lookSteps } from './look-steps.ts';
import type { Rules } from './rules.ts';
import { type Explored, explore } from './search.ts';
import {
  DEAD,
  type Entry,
  initial,
  type MessageState,
  NOBODY,
  type Size,
  type State,
  type Step,
  withMessage,
  withSend,
  withWorker,
} from './state.ts';
import { brokenStop, peopleSteps, stopSteps } from './stop-steps.ts';
import { workerSteps } from './worker-steps.ts';

export { RULES, type Rule, rulesWithout } from './rules.ts';
export type { Explored } from './search.ts';

/** Tries everything that can happen within `size` under these rules. */
export const explored = (size: Size, rules: Rules): Explored =>
  explore({ initial: initial(size), steps: (state) => stepsOf(state, rules), wrong, done });

function stepsOf(state: State, rules: Rules): Step[] {
  const workers = [...state.workers.keys()];
  return [
    ...workers.flatMap((at) => [
      ...workerSteps(state, rules, at),
      ...lookSteps(state, rules, at),
      ...mishaps(state, at),
    ]),
    ...gatewaySteps(state, rules),
    ...stopSteps(state, rules),
    ...brokenStop(state),
    ...peopleSteps(state),
    ...timeSteps(state, rules),
  ];
}

const MAY_STILL_WRITE: readonly Entry['phase'][] = ['ready', 'begun'];

/**
 * Time passes in the order in which it must: a claim's deadline, then its lease; the time that a gateway may take, then the
 * look at its list, then the last moment for a verdict.
 */
function timeSteps(state: State, rules: Rules): Step[] {
  const steps: Step[] = [];
  for (const [at, { entries }] of state.workers.entries()) {
    for (const [place, entry] of entries.entries()) {
      if (entry.late || !MAY_STILL_WRITE.includes(entry.phase)) continue;
      const late = entries.map((each, n) => (n === place ? { ...each, late: true } : each));
      steps.push({
        name: `the deadline of worker ${at} for message ${entry.message} passes`,
        next: withWorker(state, at, { entries: late }),
      });
    }
  }
  const entries = state.workers.flatMap((worker) => worker.entries);
  for (const [index, message] of state.messages.entries()) {
    if (message.lease === 'live' && !state.stop.touched.includes(index)) {
      const held = entries.some(
        (entry) => entry.message === index && !entry.stale && !entry.late && MAY_STILL_WRITE.includes(entry.phase),
      );
      if (!held) steps.push({ name: `the lease of message ${index} runs out`, next: expired(state, index) });
    }
    if (message.lease === 'over' && message.state === 'claimed' && !state.stop.touched.includes(index)) {
      const next = withMessage(state, index, { state: 'scheduled', owner: NOBODY, lease: 'none' });
      if (state.workers.some(({ is }) => is === 'up')) steps.push({ name: `message ${index} is given back`, next });
    }
    for (const [place, send] of message.sends.entries()) {
      if (send.state !== 'sending' && send.state !== 'uncertain') continue;
      const may = entries.some(
        (entry) => entry.message === index && entry.attempt === place + 1 && entry.phase === 'begun' && !entry.late,
      );
      const settled = send.gateway !== 'asked' && !may;
      if (send.age === 'fresh' && (settled || !rules.reconcileWaits)) {
        steps.push({
          name: `message ${index}, attempt ${place + 1}, may be looked up`,
          next: withSend(state, index, place + 1, { age: 'ripe' }),
        });
      }
      if (send.age === 'ripe') {
        steps.push({
          name: `a verdict on message ${index}, attempt ${place + 1}, is due`,
          next: withSend(state, index, place + 1, { age: 'late' }),
        });
      }
    }
  }
  return steps;
}

/** A lease outlasts the deadline of whoever has it. */
function expired(state: State, index: number): State {
  const late = (entry: Entry) => (entry.message === index ? { ...entry, late: true } : entry);
  const workers = state.workers.map((worker) => ({ ...worker, entries: worker.entries.map(late) }));
  return withMessage({ ...state, workers }, index, { lease: 'over' });
}

/** What befalls a worker: it dies and another one starts, it is frozen, or loses its lock alone. */
function mishaps(state: State, at: number): Step[] {
  const worker = state.workers[at];
  if (!worker) return [];
  const steps: Step[] = [];
  const who = `worker ${at}`;
  const faults = state.faults - 1;
  if (worker.is === 'frozen') {
    steps.push({ name: `${who} goes on`, next: withWorker(state, at, { is: 'up', lock: true }) });
  } else if (!worker.lock) {
    steps.push({ name: `${who} takes its lock again`, next: withWorker(state, at, { lock: true }) });
  }
  if (faults < 0) return steps;
  steps.push({ name: `${who} is killed and another one starts`, next: { ...killed(state, at), faults }, fault: true });
  if (worker.is === 'up') {
    steps.push({ name: `${who} is frozen`, next: { ...withWorker(state, at, { is: 'frozen' }), faults }, fault: true });
  }
  if (worker.lock) {
    steps.push({
      name: `${who} loses its lock`,
      next: { ...withWorker(state, at, { lock: false }), faults },
      fault: true,
    });
  }
  return steps;
}

function killed(state: State, at: number): State {
  const bury = <T extends { readonly owner: number }>(each: T): T =>
    each.owner === at ? { ...each, owner: DEAD } : each;
  const messages = state.messages.map((message) => bury({ ...message, sends: message.sends.map(bury) }));
  return withWorker({ ...state, messages }, at, { is: 'up', lock: true, astray: false, entries: [], look: null });
}

/** What must hold in every state. */
function wrong({ messages, enrolment, stop }: State): string {
  for (const message of messages) {
    const last = message.sends.at(-1);
    if (message.purpose === 'cadence' && message.state === 'cancelled' && enrolment !== 'ended')
      return 'a step is cancelled although its follow-up goes on';
    if (message.state === 'sent' && last?.state !== 'accepted') return 'a message counts as sent, its attempt does not';
    if (message.state === 'sending' && stop.phase === 'acknowledged' && !stop.inFlight && last?.gateway !== 'idle')
      return 'a request is in flight when the stop is acknowledged, and nobody waited for it';
  }
  return '';
}

const OVER: readonly MessageState[] = ['sent', 'cancelled', 'failed', 'skipped'];

/** Everything has left, will never leave, or waits for a person to mend something. */
const done = ({ messages, stop }: State): boolean =>
  (stop.phase === 'none' || stop.phase === 'acknowledged') &&
  messages.every(({ state, why }) => OVER.includes(state) || (state === 'held' && why === 'mend'));
