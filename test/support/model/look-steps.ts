import { MAX_ATTEMPTS, record, type Transition } from './record.ts';
import type { Rules } from './rules.ts';
import { type Look, messageAt, type State, type Step, type Verdict, withWorker } from './state.ts';

/** The reconciler of one worker: takes an attempt that is open, asks the gateway's list, records the verdict. */
export function lookSteps(state: State, rules: Rules, at: number): Step[] {
  const worker = state.workers[at];
  if (worker?.is !== 'up') return [];
  const who = `reconciler ${at}`;
  const { look } = worker;
  // others leave it alone for ten seconds
  if (!look) return state.workers.some((each) => each.look) ? [] : takes(state, at, who);
  const what = `message ${look.message}, attempt ${look.attempt}`;
  if (look.verdict !== 'none') {
    const next = record(state, rules, toTransition(look, look.verdict));
    return next
      ? [{ name: `${who} records ${what}: ${look.verdict}`, next: withWorker(next, at, { look: null }) }]
      : [];
  }
  const answers = [
    { says: 'a match', verdict: 'sent' as const, possible: isListed(state, look) },
    { says: 'nothing', verdict: judgeNone(look), possible: !isListed(state, look) },
    { says: 'no answer', verdict: rules.noAnswerIsNone ? judgeSilence(look) : judgeNone(look), possible: true },
  ];
  return answers
    .filter(({ possible }) => possible)
    .map(({ says, verdict }) => ({
      name: `${who} asks for ${what}: ${says}${verdict ? '' : ', asks again later'}`,
      next: withWorker(state, at, { look: verdict ? { ...look, verdict } : null }),
    }));
}

/** The statement `sends-take-open`. */
function takes(state: State, at: number, who: string): Step[] {
  const steps: Step[] = [];
  for (const [index, { sends }] of state.messages.entries()) {
    for (const [place, send] of sends.entries()) {
      const isOpen = send.state === 'sending' || send.state === 'uncertain';
      if (!isOpen || send.age === 'fresh') continue;
      const over = send.state === 'uncertain' || !state.workers[send.owner]?.lock;
      const look: Look = { message: index, attempt: place + 1, over, late: send.age === 'late', verdict: 'none' };
      steps.push({
        name: `${who} looks at message ${index}, attempt ${place + 1}`,
        next: withWorker(state, at, { look }),
      });
    }
  }
  return steps;
}

/** The gateway has it, and we do not know yet that it is this one. */
function isListed(state: State, { message, attempt }: Look): boolean {
  const send = messageAt(state, message).sends[attempt - 1];
  return send?.gateway === 'taken' && send.state !== 'accepted' && send.status === 'none';
}

/** `judge` of the product, with nothing in the list, and without a list; undefined: ask again later. */
function judgeNone({ over, late }: Look): Verdict | undefined {
  if (over) return 'not_sent';
  return late ? 'unconfirmed' : undefined;
}
const judgeSilence = ({ late }: Look): Verdict | undefined => (late ? 'unconfirmed' : undefined);

function toTransition({ message, attempt }: Look, verdict: Verdict): Transition {
  const base = { message, attempt, from: 'sending' } as const;
  switch (verdict) {
    case 'sent':
      return { ...base, state: 'sent', send: 'accepted' };
    case 'not_sent':
      return { ...base, state: attempt < MAX_ATTEMPTS ? 'scheduled' : 'held', send: 'not_sent' };
    case 'unconfirmed':
      return { ...base, state: 'unconfirmed', send: 'unconfirmed' };
  }
}
