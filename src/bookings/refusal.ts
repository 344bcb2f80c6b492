import { KnownError } from '../lib/errors.ts';
import type { Obstacle } from './slots.ts';

/** Why an appointment was not made: the time's obstacle, or the customer has one already. */
export type RefusalReason = Obstacle | 'nobody' | 'has_one' | 'over';

const WORDS: Record<RefusalReason, string> = {
  past: 'That time has passed. Choose a later one.',
  too_soon: 'That is too soon. Choose a later time.',
  closed: 'The business is closed then. Choose a time within the opening hours.',
  busy: 'That time is blocked out. Choose another one.',
  booked: 'That time is taken by now. Choose another one.',
  nobody: 'There is nobody to book it with. Choose somebody else.',
  has_one: 'This customer has an appointment already. Move that one instead.',
  over: 'That appointment is over or cancelled. Make a new one.',
};

/** An appointment that cannot be made or changed; a form shows it at the input `time`. */
export class BookingRefused extends KnownError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    const message = WORDS[reason];
    super('conflict', `appointment refused: ${reason}`, message, { problems: [{ field: 'time', message }] });
    this.reason = reason;
  }
}
