import type { Takeover } from '../../inbox/index.ts';
import type { LeadId } from '../../lib/ids.ts';
import type { Staff } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { Action } from '../feature.ts';
import { firstName } from '../format.ts';
import type { LeadDeps } from '../lead/deps.ts';
import { leadIdOf } from '../lead/modals.ts';
import { confirmDone } from '../lead/open.ts';

interface Pressed {
  act(takeover: Takeover, staff: Staff, id: LeadId): Promise<boolean>;
  /** What is said when it is done, or was so already. `who` is the customer, escaped. */
  done(who: string): string;
  already(who: string): string;
}

const PRESSED: Record<string, Pressed> = {
  talk_take: {
    act: (takeover, staff, id) => takeover.take(staff, id),
    done: (who) => `You answer ${who} from now on; the assistant is silent until somebody presses Hand back.`,
    already: (who) => `You answer ${who} already.`,
  },
  talk_hand_back: {
    act: (takeover, staff, id) => takeover.handBack(staff, id),
    done: (who) => `Handed back: the assistant may answer ${who} again, as far as your settings let it.`,
    already: (who) => `Nobody had taken the conversation with ${who} over.`,
  },
  talk_settle: {
    act: (takeover, staff, id) => takeover.settle(staff, id),
    done: (who) => `Noted: what ${who} wrote needs no answer.`,
    already: (who) => `Nobody owes ${who} an answer.`,
  },
};

/** Who answers: taking a conversation over, handing it back, and saying that it needs no answer. */
export function createTalk(deps: LeadDeps & { takeover: Takeover }): Record<string, Action> {
  const actions = Object.entries(PRESSED).map(([id, { act, done, already }]): [string, Action] => [
    id,
    {
      permission: 'customer.reply',
      async run(asked, value, place) {
        const leadId = leadIdOf(value);
        const changed = await act(deps.takeover, asked.staff, leadId);
        const { name } = await deps.desk.lead(asked.staff, leadId);
        const who = inline(firstName(name));
        await confirmDone(deps, asked, place, leadId, changed ? done(who) : already(who));
      },
    },
  ]);
  return Object.fromEntries(actions);
}
