import type { Rules } from './rules.ts';
import {
  isLocked,
  type MessageState,
  messageAt,
  NOBODY,
  type State,
  type Step,
  withMessage,
  withStop,
} from './state.ts';

const PLANNED: readonly MessageState[] = ['scheduled', 'claimed', 'held'];

/** An opt-out, statement by statement: what others see of it in between decides. */
export function stopSteps(state: State, rules: Rules): Step[] {
  const { stop, messages } = state;
  const cancels = rules.stopCancelsClaimed ? PLANNED : PLANNED.filter((each) => each !== 'claimed');
  switch (stop.phase) {
    case 'none':
    case 'acknowledged':
      return [];
    case 'came':
      return [
        {
          name: 'the stop locks the person and begins to cancel',
          next: withStop(state, { phase: 'read', seen: messages.map((each) => each.state) }),
        },
      ];
    case 'read': {
      // rows that others changed since the snapshot are looked at again; rows that it did not show as planned are not
      const touched = messages.flatMap((message, index) => {
        const before = stop.seen[index];
        return before && cancels.includes(before) && cancels.includes(message.state) ? [index] : [];
      });
      return [{ name: `the stop cancels ${touched.length}`, next: withStop(state, { phase: 'cancelled', touched }) }];
    }
    case 'cancelled': {
      const seen = rules.stopLooksApart ? messages.map((each) => each.state) : stop.seen;
      const inFlight = rules.stopLooksAtSending && seen.includes('sending');
      return [
        {
          name: `the stop finds ${inFlight ? 'a request' : 'nothing'} in flight`,
          next: withStop(state, { phase: 'looked', inFlight, seen: [] }),
        },
      ];
    }
    case 'looked': {
      let next: State = { ...withStop(state, { phase: 'committed', touched: [] }), enrolment: 'ended', optedOut: true };
      for (const index of stop.touched) {
        next = withMessage(next, index, { state: 'cancelled', why: 'none', owner: NOBODY, lease: 'none' });
      }
      return [{ name: 'the stop is committed', next }];
    }
    case 'committed': {
      const busy = messages.some((each) => each.state === 'sending');
      const name =
        !stop.inFlight || !busy ? 'the stop is acknowledged' : 'the stop is acknowledged: one message may have left';
      return [{ name, next: withStop(state, { phase: 'acknowledged' }) }];
    }
  }
}

/** Whoever receives the stop dies in the middle of it: nothing was acknowledged, so it comes again. */
export function brokenStop(state: State): Step[] {
  const { phase } = state.stop;
  if (state.faults === 0 || phase === 'none' || phase === 'came' || phase === 'acknowledged') return [];
  const faults = state.faults - 1;
  const again = isLocked(state)
    ? withStop(state, { phase: 'came', seen: [], touched: [], inFlight: false })
    : withStop(state, { inFlight: true }); // stored before: it only waits for what is in flight
  return [{ name: 'the process that stops dies, and the stop comes again', next: { ...again, faults }, fault: true }];
}

/** What people do: pause, resume, choose Resend or Leave. Each locks the person. */
export function peopleSteps(state: State): Step[] {
  if (isLocked(state)) return [];
  const steps: Step[] = [];
  const each = (
    from: State,
    change: (index: number) => Partial<(typeof state.messages)[number]> | undefined,
  ): State => {
    let next = from;
    for (const index of from.messages.keys()) {
      const changes = change(index);
      if (changes) next = withMessage(next, index, changes);
    }
    return next;
  };
  if (state.pauses > 0 && state.enrolment === 'active') {
    const next = each({ ...state, enrolment: 'paused', pauses: state.pauses - 1 }, (index) => {
      const { purpose, state: is } = messageAt(state, index);
      const planned = is === 'scheduled' || is === 'claimed';
      return purpose === 'cadence' && planned
        ? { state: 'held', why: 'paused', owner: NOBODY, lease: 'none' }
        : undefined;
    });
    steps.push({ name: 'somebody pauses the follow-up', next });
  }
  if (state.enrolment === 'paused') {
    const next = each({ ...state, enrolment: 'active' }, (index) => {
      const { purpose, state: is } = messageAt(state, index);
      return purpose === 'cadence' && is === 'held' ? { state: 'scheduled', why: 'none' } : undefined;
    });
    steps.push({ name: 'somebody resumes it', next });
  }
  for (const [index, message] of state.messages.entries()) {
    const mayResend = ['unconfirmed', 'held', 'failed'].includes(message.state) && message.attempt > 0;
    if (state.resends > 0 && mayResend && !state.optedOut) {
      const next = withMessage(state, index, { state: 'scheduled', why: 'none', resends: message.resends + 1 });
      steps.push({ name: `somebody sends message ${index} again`, next: { ...next, resends: state.resends - 1 } });
    }
    if (message.state === 'unconfirmed') {
      steps.push({
        name: `somebody leaves message ${index} at that`,
        next: withMessage(state, index, { state: 'failed', why: 'none' }),
      });
    }
  }
  return steps;
}
