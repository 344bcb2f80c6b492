import { channelName, reasonInWords } from '../../messaging/index.ts';
import { capital, firstName, plural, type Times } from '../format.ts';
import { inline } from './text.ts';
import { type CardView, isOpen, stepsOf } from './view.ts';

/** Where the lead stands, in one line of words; pure. The most final thing is said first. */
export function headline(view: CardView, times: Times): string {
  const { lead } = view;
  if (lead.optedOutAt) return `Opted out ${times.full(lead.optedOutAt)} · nothing more goes out on any channel`;

  const stage = view.playbook.pipeline.stages.find((each) => each.key === lead.stage);
  if (stage?.ends && stage.key !== view.playbook.pipeline.onReply) {
    return `${inline(stage.label)} ${times.full(view.stageAt)} · follow-up ended`;
  }
  if (lead.state === 'active') return active(view, times);
  if (lead.state === 'paused') return paused(view);
  if (lead.state === 'replied' || lead.stage === view.playbook.pipeline.onReply) return replied(view, times);
  if (lead.state === 'completed') return 'Follow-up complete · no reply so far';
  if (lead.state === 'opted_out') return 'Opted out and in again · follow-up ended';
  return lead.state ? `${capital(lead.state)} · follow-up ended` : 'Logged · no follow-up planned';
}

function active(view: CardView, times: Times): string {
  const steps = stepsOf(view);
  const next = steps.findIndex(isOpen);
  const message = steps[next];
  if (!message) return 'Active · everything planned has left';
  if (message.state === 'held') return `Active, but waits: ${reasonInWords(message.reason)}`;
  if (next > 0) return `Active · follow-up ${next} of ${steps.length - 1}`;
  const now = message.state !== 'scheduled' || message.dueAt <= view.reader.now;
  return `Active · first message ${now ? 'is leaving' : `leaves ${times.full(message.dueAt)}`}`;
}

function paused(view: CardView): string {
  const held = stepsOf(view).filter((message) => message.state === 'held');
  return `Paused · ${plural(held.length, 'message waits', 'messages wait')}`;
}

function replied(view: CardView, times: Times): string {
  return `Replied ${times.full(repliedAt(view))} · follow-up stopped`;
}

/** When the reply came that counts: the one that ended the follow-up, else the one that moved the lead. */
const repliedAt = (view: CardView) => (view.lead.state === 'replied' && view.endedAt ? view.endedAt : view.stageAt);

/** What a person has to look at now, a line each: a customer who waits, a pause that was nobody's choice. */
export function attention(view: CardView, times: Times): string[] {
  const { owedSince: since, takenBy } = view.talk;
  const why = stepsOf(view).find((message) => message.state === 'held' && message.reason !== 'paused')?.reason;
  const { appointment } = view;
  return [
    ...(appointment ? [`*Appointment ${times.full(appointment.startsAt)}* with ${inline(appointment.staffName)}`] : []),
    ...(view.lead.state === 'paused' && why ? [capital(reasonInWords(why))] : []),
    ...(view.wrongNumber ? ['*This number belongs to somebody else:* nothing goes there, please correct it'] : []),
    ...(since
      ? [
          `*${inline(firstName(view.lead.name))} waits for an answer* since ${times.beside(since, repliedAt(view))}${
            takenBy ? ` · ${inline(takenBy.name)} answers` : ''
          }`,
        ]
      : []),
    ...(takenBy && !since && isNews(view) ? [`${inline(takenBy.name)} answers`] : []),
    ...(view.windowUntil && stepsOf(view).some(isOpen)
      ? [`WhatsApp's window is open until ${times.beside(view.windowUntil, view.reader.now)}: free text until then`]
      : []),
  ];
}

/** Who answers is worth a word where it could be somebody else: the agent, or the lead's owner. */
const isNews = ({ talk, owner }: CardView) =>
  talk.agent !== 'off' || (talk.takenBy !== null && talk.takenBy.slackUserId !== owner?.slackUserId);

/** The same for a notification or a list: without formatting. */
export function fallbackText(view: CardView, subject: string, times: Times): string {
  const next = stepsOf(view).find((message) => message.state === 'scheduled' && message.dueAt > view.reader.now);
  const then =
    view.lead.state === 'active' && next ? `, next ${times.full(next.dueAt)} by ${channelName(next.channel)}` : '';
  const who = [inline(view.lead.name), inline(subject)].filter(Boolean).join(', ');
  return `${who}: ${headline(view, times)}${then}`;
}
