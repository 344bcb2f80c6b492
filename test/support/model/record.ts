import type { Rules } from './rules.ts';
import {
  isLocked,
  type Message,
  type MessageState,
  messageAt,
  NOBODY,
  type SendState,
  type State,
  withMessage,
  withSend,
} from './state.ts';

/** Attempts on one message after which a refusal is for a person to look at; six in the product. */
export const MAX_ATTEMPTS = 2;

export interface Transition {
  message: number;
  attempt: number;
  from: 'claimed' | 'unheard' | 'sending' | 'reported';
  state: MessageState;
  send?: SendState;
  /** Who records, for what is still claimed or was begun without its hearing of it. */
  worker?: number;
}

/** What follows from a refusal, as `afterRefusal` says: in time another try, or none, and then a person. */
export const afterRefusal = (why: 'again' | 'other' | 'never', attempt: number): 'scheduled' | 'failed' | 'held' => {
  if (attempt >= MAX_ATTEMPTS) return 'held';
  return why === 'never' ? 'failed' : 'scheduled';
};

const OPEN = {
  sending: ['sending', 'uncertain', 'unconfirmed'],
  reported: ['sending', 'uncertain', 'unconfirmed', 'sent'],
};

/**
 * The statement `messages-record`. Undefined while it waits for a lock: a row that a stop has changed and not committed, or
 * the person, when the message goes back into the plan.
 */
export function record(state: State, rules: Rules, move: Transition): State | undefined {
  const { message: index, attempt } = move;
  const message = messageAt(state, index);
  const replans = move.state === 'scheduled' && move.from !== 'claimed';
  if (state.stop.touched.includes(index)) return undefined;
  if (replans && rules.replanWaits && isLocked(state)) return undefined;

  const send = message.sends[attempt - 1];
  let next = state;
  if (move.from === 'unheard' && send?.owner !== move.worker) return state;
  if (move.send && send && ['sending', 'uncertain', 'unconfirmed'].includes(send.state)) {
    next = withSend(next, index, attempt, { state: move.send, ...(move.send === 'uncertain' && { age: 'fresh' }) });
  }
  if (!isMeant(message, rules, move)) return next;
  return withMessage(next, index, { ...landing(state, rules, message, move), owner: NOBODY, lease: 'none' });
}

function isMeant(message: Message, rules: Rules, { from, attempt, worker }: Transition): boolean {
  if (from === 'claimed') return message.state === 'claimed' && message.owner === worker;
  return (
    OPEN[from === 'reported' ? 'reported' : 'sending'].includes(message.state) &&
    (!rules.attemptCounts || message.attempt === attempt)
  );
}

/** Where it comes to lie: who is to be tried again may have stopped, or been paused, meanwhile. */
function landing(state: State, rules: Rules, { purpose }: Message, move: Transition): Pick<Message, 'state' | 'why'> {
  if (move.state === 'held') return { state: 'held', why: 'mend' };
  if (move.state !== 'scheduled' || !rules.replanStops) return { state: move.state, why: 'none' };
  if (purpose === 'notice') {
    return { state: rules.noticeStops && state.optedOut ? 'cancelled' : 'scheduled', why: 'none' };
  }
  if (state.enrolment === 'active') return { state: 'scheduled', why: 'none' };
  if (state.enrolment === 'paused' && rules.replanPauses) return { state: 'held', why: 'paused' };
  return { state: 'cancelled', why: 'none' };
}
