import type { InboundMessage } from '../messaging/index.ts';
import { classify, type Understanding, understand } from '../people/index.ts';
import type { Effect } from './store.ts';

/** What a customer's message means for us. */
export type Meaning =
  | Understanding
  /** Whoever has this number is not the person we look for. */
  | { kind: 'wrong_number'; rule: string };

/** What the customer wants as to being written to, a keyword that the gateway recognised included. */
export function understanding(message: Pick<InboundMessage, 'keyword' | 'body' | 'letter'>): Understanding {
  // people's letters have no such header: whatever words a machine writes below it are nobody's wish
  const machine = message.letter?.automatic;
  return machine === undefined ? byWords(message) : { kind: 'auto_reply', rule: machine };
}

function byWords(message: Pick<InboundMessage, 'keyword' | 'body'>): Understanding {
  switch (message.keyword) {
    case 'stop':
      return { kind: 'opt_out', scope: 'all', rule: 'gateway_keyword', keyword: true };
    case 'start':
      return { kind: 'opt_in', rule: 'gateway_keyword' };
    case 'help':
      return { kind: 'help' };
    default:
      return understand(message.body);
  }
}

/** The stop was decided before; of what is left only a wrong number beyond doubt changes what we do. Pure. */
export function meaningOf(message: Pick<InboundMessage, 'body'>, understood: Understanding, language: string): Meaning {
  if (understood.kind !== 'message') return understood;
  const { intent, confidence, rule } = classify(message.body, { language });
  return intent === 'wrong_number' && confidence === 'sure' ? { kind: 'wrong_number', rule } : understood;
}

/**
 * What a message changes in the conversation. An automatic reply earns no answer, neither does a stop, which wants none;
 * whoever closed one channel only is to be looked at by a person. Pure.
 */
export function effectOf(meaning: Meaning, sender: { known: boolean; optedOut: boolean }): Effect {
  const counts = meaning.kind !== 'auto_reply';
  const wants =
    meaning.kind === 'message' ||
    meaning.kind === 'help' ||
    meaning.kind === 'unsure' ||
    (meaning.kind === 'opt_out' && meaning.scope !== 'all');
  return { counts, owes: wants && sender.known && !sender.optedOut };
}
