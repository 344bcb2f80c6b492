import type { Notes } from './notes.ts';
import type { Action, TurnContext } from './port.ts';

/** What customers write who want it: as our own classifier reads them, whatever a model made of it. */
const WANTS: ReadonlySet<string> = new Set(['interested', 'book', 'reschedule']);

/**
 * The notes of a proposal as far as the agent may make them, of the `actions` that the customer's words allow. Who chose a
 * time is qualified. Otherwise nobody gets there by telling the agent what to note: a model's word counts beside words of
 * the customer in which our own reading finds the wish, or beside answers to everything that the playbook asks. Pure.
 */
export function ownNotes(turn: TurnContext, actions: readonly Action[], notes: Notes): Notes {
  if (actions.some(({ kind }) => kind === 'book')) return { ...notes, qualified: true };
  const { slots } = turn.definition;
  // slots are written by our code alone, out of answers to what it asked
  const answered = slots.length > 0 && slots.every((slot) => notes.slots[slot] !== undefined);
  const { intent, confidence } = turn.understood;
  const wants = WANTS.has(intent) && confidence !== 'guess';
  return notes.qualified === true && !answered && !wants ? { ...notes, qualified: turn.notes.qualified } : notes;
}
