import type { LeadId } from '../../lib/ids.ts';
import type { Desk } from '../../messaging/index.ts';
import type { Staff } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { Action, ActionPlace, Asked } from '../feature.ts';
import { firstName, plural } from '../format.ts';
import type { LeadDeps } from './deps.ts';
import { leadIdOf, messageIdOf } from './modals.ts';
import { confirmDone } from './open.ts';

/** Buttons that do one thing at the desk, and what is said when it is done. `who` is the customer, escaped. */
const SIMPLE: Record<string, { act(desk: Desk, staff: Staff, id: LeadId): Promise<void>; said(who: string): string }> =
  {
    lead_pause: {
      act: (desk, staff, id) => desk.pause(staff, id),
      said: (who) => `Paused: nothing goes to ${who} by itself until somebody presses Resume.`,
    },
    lead_resume: {
      act: (desk, staff, id) => desk.resume(staff, id),
      said: (who) => `Resumed: the follow-up of ${who} goes on as the card shows.`,
    },
  };

export function createActions(deps: LeadDeps): Record<string, Action> {
  const { desk } = deps;

  const simple = Object.entries(SIMPLE).map(([id, { act, said }]): [string, Action] => [
    id,
    {
      permission: 'lead.see_own',
      async run(asked, value, place) {
        const leadId = leadIdOf(value);
        await act(desk, asked.staff, leadId);
        const { name } = await desk.lead(asked.staff, leadId);
        await confirmDone(deps, asked, place, leadId, said(inline(firstName(name))));
      },
    },
  ]);

  /** A decision about one message; the desk has checked whose it is. */
  async function decided(asked: Asked, place: ActionPlace, messageId: string, words: string): Promise<void> {
    const [message] = await deps.db.inTenant(asked.tenant.id, (tx) =>
      tx.query<{ leadId: LeadId }>('select lead_id as "leadId" from messages where id = $1', [messageId]),
    );
    if (message) await confirmDone(deps, asked, place, message.leadId, words);
  }

  return {
    ...Object.fromEntries(simple),
    lead_stop: {
      permission: 'lead.see_own',
      async run(asked, value, place) {
        const leadId = leadIdOf(value);
        // resolves when it is committed and what was under way has settled: only then may we say "stopped"
        const stopped = await desk.stop(asked.staff, leadId);
        const { name } = await desk.lead(asked.staff, leadId);
        await confirmDone(deps, asked, place, leadId, stoppedWords(name, stopped));
      },
    },
    message_undo: {
      permission: 'customer.reply',
      async run(asked, value, place) {
        const undone = await desk.undo(asked.staff, messageIdOf(value));
        const words = undone ? 'Taken back: nothing was sent.' : 'Too late: it cannot be taken back any more.';
        await decided(asked, place, value, words);
      },
    },
    message_resend: {
      permission: 'customer.reply',
      async run(asked, value, place) {
        await desk.resend(asked.staff, messageIdOf(value));
        await decided(
          asked,
          place,
          value,
          'It is sent again now, if it still may leave. The card shows what becomes of it.',
        );
      },
    },
    message_leave: {
      permission: 'customer.reply',
      async run(asked, value, place) {
        await desk.leave(asked.staff, messageIdOf(value));
        await decided(asked, place, value, 'Left as it is: it is not sent again.');
      },
    },
  };
}

function stoppedWords(name: string, stopped: { cancelled: number; firstTime: boolean; settled: boolean }): string {
  const who = inline(name);
  const cancelled =
    stopped.cancelled > 0
      ? `; ${plural(stopped.cancelled, 'planned message was', 'planned messages were')} cancelled`
      : '';
  const head = stopped.firstTime
    ? `*Stopped for good: ${who}.* Nothing more goes out on any channel${cancelled}.`
    : `*${who} had opted out before.* Nothing goes out on any channel${cancelled}.`;
  return stopped.settled ? head : `${head} One message was with the gateway at that moment: it may just have left.`;
}
