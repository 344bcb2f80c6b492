import { afterRefusal, MAX_ATTEMPTS, record, type Transition } from './record.ts';
import type { Rules } from './rules.ts';
import {
  type Entry,
  type Message,
  messageAt,
  NOBODY,
  type Outcome,
  type State,
  type Step,
  type Worker,
  withMessage,
  withSend,
  withWorker,
} from './state.ts';

/** One worker's line: claim, guard, begin, write, hear, record. */
export function workerSteps(state: State, rules: Rules, at: number): Step[] {
  const worker = state.workers[at];
  if (worker?.is !== 'up') return [];
  const who = `worker ${at}`;
  const steps: Step[] = [];
  if (worker.entries.length < state.entries && !worker.entries.some(({ phase }) => phase === 'claimed')) {
    for (const [index, message] of state.messages.entries()) {
      const free = message.state === 'scheduled';
      if (!free || state.stop.touched.includes(index)) continue; // skip locked
      const attempt = nextAttempt(state, index);
      const entry: Entry = { message: index, stale: false, attempt, phase: 'claimed', late: false };
      const claimed = outdate(withMessage(state, index, { state: 'claimed', owner: at, lease: 'live' }), index);
      const entries = [...entriesOf(claimed, at), entry];
      steps.push({ name: `${who} claims message ${index}`, next: withWorker(claimed, at, { entries }) });
    }
  }
  for (const [place, entry] of worker.entries.entries()) {
    steps.push(
      ...entrySteps(state, rules, at, worker, place, entry).map((step) => ({ ...step, name: `${who} ${step.name}` })),
    );
  }
  if (worker.astray) steps.push(...givesBack(state, at, worker, who));
  return steps;
}

/** The statement that gives back whatever the worker does not know to hold. */
function givesBack(state: State, at: number, worker: Worker, who: string): Step[] {
  const known = worker.entries.filter(({ phase }) => phase === 'ready').map(({ message }) => message);
  let next = withWorker(state, at, { astray: false });
  for (const [index, message] of state.messages.entries()) {
    if (message.state !== 'claimed' || message.owner !== at || known.includes(index)) continue;
    if (state.stop.touched.includes(index)) return [];
    next = withMessage(next, index, { state: 'scheduled', owner: NOBODY, lease: 'none' });
  }
  return [{ name: `${who} gives back what it does not know of`, next }];
}

function entrySteps(state: State, rules: Rules, at: number, worker: Worker, place: number, entry: Entry): Step[] {
  const { message: index, attempt, phase } = entry;
  const message = messageAt(state, index);
  const put = (from: State, changes: Partial<Entry>) =>
    withWorker(from, at, {
      entries: entriesOf(from, at).map((each, n) => (n === place ? { ...each, ...changes } : each)),
    });
  const drop = (from: State) => withWorker(from, at, { entries: entriesOf(from, at).filter((_, n) => n !== place) });
  const what = `message ${index}, attempt ${attempt}`;
  const recorded = (outcomes: readonly Outcome[]) =>
    outcomes.flatMap((outcome): Step[] => {
      const next = record(state, rules, toTransition(index, attempt, outcome, rules));
      return next ? [{ name: `records ${what}: ${outcome}`, next: drop(next) }] : [];
    });
  switch (phase) {
    case 'claimed': {
      // the statement messages-read, and the guard
      const stopped = message.purpose === 'notice' ? false : state.optedOut || state.enrolment !== 'active';
      const skip = rules.guardReads && stopped;
      return [
        {
          name: `reads message ${index}: ${skip ? 'not any more' : 'may leave'}`,
          next: put(state, { phase: skip ? 'skip' : 'ready' }),
        },
      ];
    }
    case 'skip': {
      const next = record(state, rules, { message: index, attempt, from: 'claimed', state: 'skipped', worker: at });
      return next ? [{ name: `records that message ${index} is skipped`, next: drop(next) }] : [];
    }
    case 'ready':
      return beginSteps(state, rules, at, worker, place, entry, put, drop);
    case 'begun': {
      if (rules.deadline && entry.late) return recorded(['not_written']);
      const asked = withSend(state, index, attempt, { gateway: 'asked' });
      return [{ name: `writes ${what}`, next: put(asked, { phase: 'written' }) }];
    }
    case 'written':
      return recorded(heard(message, attempt));
    case 'unheard': {
      const from = rules.unheardIsOwn ? 'unheard' : 'sending';
      const move = { message: index, attempt, state: 'scheduled', send: 'not_sent', worker: at } as const;
      const next = record(state, rules, { ...move, from });
      return next ? [{ name: `records that nothing of ${what} was written`, next: drop(next) }] : [];
    }
  }
}

type Change = (from: State, changes: Partial<Entry>) => State;

/** The statement `messages-begin`, or giving the claim back when the deadline has passed. */
function beginSteps(
  state: State,
  rules: Rules,
  at: number,
  worker: Worker,
  place: number,
  entry: Entry,
  put: Change,
  drop: (from: State) => State,
): Step[] {
  const { message: index, attempt } = entry;
  const message = messageAt(state, index);
  if (state.stop.touched.includes(index)) return []; // the row is locked
  if (rules.unheardFirst && worker.entries.some(({ phase }) => phase === 'unheard')) return [];
  const mine = message.state === 'claimed' && message.owner === at;
  const sameClaim = !rules.beginKnowsClaim || !entry.stale;
  if (rules.deadline && entry.late) {
    const back =
      mine && sameClaim ? withMessage(state, index, { state: 'scheduled', owner: NOBODY, lease: 'none' }) : state;
    return [{ name: `gives message ${index} back: too late`, next: drop(back) }];
  }
  const inTime = message.lease === 'live';
  const may = (mine && inTime && sameClaim) || (!rules.beginLooksAgain && message.state !== 'sending');
  if (!may) return [{ name: `finds that message ${index} is not its own any more`, next: drop(state) }];
  const begun = begin(state, at, index, attempt);
  const steps: Step[] = [{ name: `begins message ${index}, attempt ${attempt}`, next: put(begun, { phase: 'begun' }) }];
  const twin = worker.entries.findIndex(
    (each, n) => n > place && each.message === index && each.phase === 'ready' && !each.late,
  );
  if (twin >= 0 && !rules.beginKnowsClaim) {
    // both in one statement, which names the message once
    const both = entriesOf(begun, at).map((each, n) =>
      n === place || n === twin ? { ...each, phase: 'begun' as const, attempt } : each,
    );
    steps.push({
      name: `begins message ${index}, attempt ${attempt}, for two entries`,
      next: withWorker(begun, at, { entries: both }),
    });
  }
  if (state.faults > 0) {
    const cut = (from: State) => ({
      ...withWorker(put(from, { phase: 'unheard' }), at, { astray: true }),
      faults: state.faults - 1,
    });
    steps.push(
      { name: `begins message ${index}, attempt ${attempt}, and does not hear of it`, next: cut(begun), fault: true },
      { name: `loses its connection before message ${index} is begun`, next: cut(state), fault: true },
    );
  }
  return steps;
}

/** Whoever still holds something for this message holds it for an earlier claim. */
function outdate(state: State, index: number): State {
  const outdated = (entry: Entry) => (entry.message === index ? { ...entry, stale: true } : entry);
  return { ...state, workers: state.workers.map((worker) => ({ ...worker, entries: worker.entries.map(outdated) })) };
}

const SPEAKS_FOR_ATTEMPT: readonly Entry['phase'][] = ['begun', 'written', 'unheard'];

/**
 * The number of the next attempt. What could not be written is tried for ever, and the model has to end: an attempt that no gateway
 * has heard of and that nobody holds any more gives its number to the next one.
 */
function nextAttempt(state: State, index: number): number {
  const { attempt, sends } = messageAt(state, index);
  const last = sends[attempt - 1];
  const isHeld = state.workers.some(({ entries }) =>
    entries.some(
      (entry) => entry.message === index && entry.attempt === attempt && SPEAKS_FOR_ATTEMPT.includes(entry.phase),
    ),
  );
  const forgotten = attempt >= MAX_ATTEMPTS && last?.state === 'not_sent' && last.gateway === 'idle' && !isHeld;
  return forgotten ? attempt : attempt + 1;
}

/** Whoever still looks at an attempt of that number looks at one that is gone. */
function withoutLooks(state: State, index: number, attempt: number): State {
  const workers = state.workers.map((worker) =>
    worker.look?.message === index && worker.look.attempt === attempt
      ? { ...worker, look: { ...worker.look, attempt: 0 } }
      : worker,
  );
  return { ...state, workers };
}

function begin(before: State, at: number, index: number, attempt: number): State {
  const state = withoutLooks(before, index, attempt);
  const { sends } = messageAt(state, index);
  const afterStop = state.stop.phase === 'committed' || state.stop.phase === 'acknowledged';
  return withMessage(state, index, {
    state: 'sending',
    attempt,
    owner: NOBODY,
    lease: 'none',
    sends: [
      ...sends.slice(0, attempt - 1),
      { state: 'sending', owner: at, age: 'fresh', gateway: 'idle', status: 'none', afterStop },
    ],
  });
}

const entriesOf = (state: State, at: number): readonly Entry[] => state.workers[at]?.entries ?? [];

/** What a worker may hear of its request: what the gateway says, or nothing in time. */
function heard({ sends }: Message, attempt: number): Outcome[] {
  const gateway = sends[attempt - 1]?.gateway;
  switch (gateway) {
    case 'taken':
      return ['accepted', 'uncertain'];
    case 'declined':
      return ['again', 'other', 'never', 'uncertain'];
    default:
      return ['uncertain'];
  }
}

/** What follows from an outcome, as `afterSend` says. */
function toTransition(message: number, attempt: number, outcome: Outcome, rules: Rules): Transition {
  const base = { message, attempt, from: 'sending' } as const;
  switch (outcome) {
    case 'accepted':
      return { ...base, state: 'sent', send: 'accepted' };
    case 'uncertain':
      return rules.uncertainIsKept
        ? { ...base, state: 'uncertain', send: 'uncertain' }
        : { ...base, state: 'scheduled', send: 'not_sent' };
    case 'never':
    case 'other':
    case 'again':
      return { ...base, state: afterRefusal(outcome, attempt), send: 'not_sent' };
    case 'not_written': // for as long as it takes
      return { ...base, state: 'scheduled', send: 'not_sent' };
  }
}
