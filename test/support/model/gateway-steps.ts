import { afterRefusal, record } from './record.ts';
import type { Rules } from './rules.ts';
import {
  type Message,
  type MessageState,
  messageAt,
  NOBODY,
  type Send,
  type State,
  type Step,
  withMessage,
  withSend,
} from './state.ts';

/** What a gateway does with a request, and the reports that it sends, at any time later. */
export function gatewaySteps(state: State, rules: Rules): Step[] {
  const steps: Step[] = [];
  for (const [index, message] of state.messages.entries()) {
    for (const [place, send] of message.sends.entries()) {
      const attempt = place + 1;
      const what = `message ${index}, attempt ${attempt}`;
      if (send.gateway === 'asked') {
        const broken = wrongToTake(state, message, attempt);
        steps.push(
          {
            name: `the gateway takes ${what}`,
            next: { ...withSend(state, index, attempt, { gateway: 'taken' }), broken },
          },
          { name: `the gateway does not take ${what}`, next: withSend(state, index, attempt, { gateway: 'declined' }) },
        );
      }
      if (send.gateway === 'taken' && send.status === 'none' && !state.half) {
        steps.push(
          ...reported(state, rules, index, attempt, send).map((step) => ({
            ...step,
            name: `${what} is reported: ${step.name}`,
          })),
        );
      }
    }
  }
  if (state.half) {
    const { message, attempt } = state.half;
    const move = failed({ ...state, half: null }, rules, message, attempt, 'other');
    if (move) steps.push({ name: `what follows from the failure of message ${message} is recorded`, next: move });
  }
  return steps;
}

/** G2 and G3, at the moment that counts: the gateway takes a message. */
function wrongToTake({ stop, messages }: State, message: Message, attempt: number): string {
  const earlier = message.sends.filter(
    ({ gateway, status }, at) => at < attempt - 1 && gateway === 'taken' && status !== 'failed',
  );
  if (earlier.length > message.resends) return 'the gateway takes a message twice, and nobody chose to send it again';
  const send = message.sends[attempt - 1];
  if (stop.phase !== 'acknowledged' || !send) return '';
  if (send.afterStop) return 'a message leaves after the stop was acknowledged';
  // what was on its way is waited for or told; what is uncertain is shown as such
  const told = stop.inFlight || messages.some(({ state }) => state === 'uncertain' || state === 'unconfirmed');
  return told ? '' : 'a message arrives after the stop was acknowledged, and nobody was told of it';
}

/** The statement `statuses-apply`; a failure is recorded in the same transaction. */
function reported(state: State, rules: Rules, index: number, attempt: number, send: Send): Step[] {
  if (state.stop.touched.includes(index)) return [];
  const message = messageAt(state, index);
  const delivered = withSend(state, index, attempt, { status: 'delivered', state: 'accepted' });
  const moved = isMoved(message, attempt, send)
    ? withMessage(delivered, index, { state: 'sent', why: 'none', owner: NOBODY, lease: 'none' })
    : delivered;
  const steps: Step[] = [{ name: 'delivered', next: moved }];
  const applied = withSend(state, index, attempt, { status: 'failed', state: 'not_sent' });
  if (!rules.reportWhole) {
    return [...steps, { name: 'not delivered, first half', next: { ...applied, half: { message: index, attempt } } }];
  }
  for (const why of ['other', 'never'] as const) {
    const next = failed(applied, rules, index, attempt, why);
    if (next) steps.push({ name: `not delivered (${why})`, next });
  }
  return steps;
}

function isMoved({ state, attempt: current }: Message, attempt: number, { state: was }: Send): boolean {
  if (current !== attempt) return false;
  const moving: readonly MessageState[] = ['sending', 'uncertain', 'unconfirmed', 'sent'];
  const thoughtNot: readonly MessageState[] = ['scheduled', 'claimed', 'held', 'cancelled', 'failed'];
  return moving.includes(state) || (was !== 'accepted' && thoughtNot.includes(state));
}

/** A failure that another way can mend is planned there. Only the newest attempt speaks for the message. */
function failed(
  state: State,
  rules: Rules,
  message: number,
  attempt: number,
  why: 'other' | 'never',
): State | undefined {
  if (messageAt(state, message).attempt !== attempt) return state;
  return record(state, rules, { message, attempt, from: 'reported', state: afterRefusal(why, attempt) });
}
