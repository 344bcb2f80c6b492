import type { Action, TimeTalk, TurnContext } from './port.ts';
import { isOfNeed } from './rules/need.ts';
import { foldWords } from './words.ts';

/** Words a quotation has at least, unless it is all that was written. */
const QUOTED_WORDS = 2;

/**
 * What of a proposal's actions the customer's own words allow; the rest is dropped, whoever proposed it. Nobody but the
 * one who writes is ever named by an action, and each kind happens once. Pure.
 */
export function permitted(actions: readonly Action[], turn: TurnContext, talk: TimeTalk): Action[] {
  const kinds = new Set<Action['kind']>();
  return actions.filter((action) => {
    if (kinds.has(action.kind) || !allowed(action, turn, talk)) return false;
    kinds.add(action.kind);
    return true;
  });
}

function allowed(action: Action, turn: TurnContext, talk: TimeTalk): boolean {
  switch (action.kind) {
    case 'hand_over':
      return true;
    case 'book':
      return (
        turn.bookable &&
        talk.kind === 'book' &&
        talk.slot.startsAt.getTime() === action.slot.startsAt.getTime() &&
        !isOfNeed(turn, talk)
      );
    case 'cancel':
      return turn.appointment !== null && talk.kind === 'cancel';
    case 'opt_out': {
      const said = foldWords(turn.unanswered);
      const quote = foldWords(action.quote);
      if (quote === '') return false;
      return quote.split(' ').length >= QUOTED_WORDS ? ` ${said} `.includes(` ${quote} `) : said === quote;
    }
  }
}
