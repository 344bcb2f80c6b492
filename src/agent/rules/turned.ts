import type { Notes } from '../notes.ts';
import type { Action } from '../port.ts';

/** What one way of answering comes to. */
export interface Turned {
  text: string | null;
  actions?: readonly Action[];
  notes?: Partial<Notes>;
}
