import { EXAMPLES, type Example, SPARE } from '../words/examples.ts';
import { freeNumber, phoneWords } from '../words/phone.ts';

/** How far somebody has come in the tour. Kept over a reload. */
export interface Tour {
  /** `new`: never seen; `left`: to be resumed; `done`: walked to the end. */
  state: 'new' | 'on' | 'left' | 'done';
  step: number;
  /** The customer it plays with, as proposed. */
  who: Example;
  /** Leads there were when it began; the first one after them is the tour's. */
  before: readonly string[];
}

export const fresh: Tour = { state: 'new', step: 0, who: EXAMPLES[0], before: [] };

/** Begins (again), with a customer the business does not know yet. */
export function begin(customers: readonly string[], leads: readonly string[]): Tour {
  return { state: 'on', step: 0, who: newcomer(customers), before: leads };
}

/** An example customer who is not there yet; when all are, one with a number that is free. */
export function newcomer(customers: readonly string[]): Example {
  const unknown = EXAMPLES.find(({ number }) => !customers.includes(number));
  if (unknown) return unknown;
  const number = freeNumber(customers);
  return { ...SPARE, number, typed: `${SPARE.name} ${phoneWords(number)} ${SPARE.car}` };
}
