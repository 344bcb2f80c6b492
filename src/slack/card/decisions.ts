import { channelName, reasonInWords, type ThreadMessage } from '../../messaging/index.ts';
import { firstName } from '../format.ts';
import { section } from '../views.ts';
import { actions, button } from './kit.ts';
import { inline } from './text.ts';
import { type CardView, stepName } from './view.ts';

/** Decisions shown at once; the plan above tells of the others. */
const MAX_SHOWN = 5;
/** Reasons that Resume (or Stop) settles, for all messages together. */
const SETTLED_BY_RESUME = new Set(['paused', 'unsure', 'channel_opted_out', 'many_at_once']);

/** Messages about which a person has to decide, or still can, each with its buttons. Pure. */
export function decisionBlocks(view: CardView): object[] {
  return view.messages
    .flatMap((message) => decision(view, message))
    .slice(0, MAX_SHOWN)
    .flat();
}

function decision(view: CardView, message: ThreadMessage): object[][] {
  const name = message.purpose === 'reply' ? 'Your reply' : inline(stepName(view, message.stepKey));
  switch (message.state) {
    case 'unconfirmed':
      return [
        [
          section(
            `*${name} may have left by ${channelName(message.channel)}, and nobody can say:* ` +
              `${reasonInWords(message.reason)}. It is not sent again unless you say so.`,
          ),
          ...actions([...resend(view, message, 'Resend'), button('message_leave', 'Leave it', message.id)]),
        ],
      ];
    case 'held': {
      const buttons = SETTLED_BY_RESUME.has(message.reason ?? '') ? [] : resend(view, message, 'Try again');
      if (buttons.length === 0) return [];
      return [[section(`*${name} waits:* ${reasonInWords(message.reason)}.`), ...actions(buttons)]];
    }
    case 'scheduled':
    case 'claimed':
      if (message.purpose !== 'reply') return [];
      return [actions([button('message_undo', 'Undo the reply', message.id)])]; // the plan says when it leaves
    default:
      return [];
  }
}

/** Offered only where it would really go out again: not after an opt-out, nor when the follow-up is over. */
function resend(view: CardView, message: ThreadMessage, label: string) {
  const running = message.purpose !== 'cadence' || view.lead.state === 'active';
  if (view.lead.optedOutAt || !running) return [];
  const who = inline(firstName(view.lead.name));
  const again = {
    title: 'Send it again?',
    text: `If the first one did leave, ${who} gets the same message twice.`,
    yes: 'Send again',
  };
  return [button('message_resend', label, message.id, message.state === 'unconfirmed' ? { confirm: again } : {})];
}
