import { type ChannelName, channelName, reasonInWords, type ThreadMessage } from '../../messaging/index.ts';
import { grouped, type Times } from '../format.ts';
import { inline } from './text.ts';
import { type CardView, isOpen, repliesOf, stepName, stepsOf } from './view.ts';
import type { TemplateTrouble } from './ways.ts';

/** Why a step will not leave, short: the headline has said it in full. */
const SHORT: Record<string, string> = {
  opted_out: 'opted out',
  replied: 'replied',
  converted: 'won',
  closed: 'closed',
  completed: 'follow-up over',
};

/** The plan, one line a step: what left and how far it came, what is next, what will not leave and why. Pure. */
export function planLines(view: CardView, times: Times): string[] {
  const steps = stepsOf(view);
  const next = steps.find(isOpen);
  return steps.map((step) => {
    const name = stepName(view, step.stepKey);
    const title = step === next ? `*${inline(name)}*` : inline(name);
    const what = [title, times.full(step.sentAt ?? step.dueAt), ...fate(view, step, times)];
    return `${mark(view, step, step === next)}  ${what.join(' · ')}`;
  });
}

/** The replies worth a line: those under way or in trouble, and the last one. */
export function replyLines(view: CardView, times: Times): string[] {
  const replies = repliesOf(view).filter((reply) => reply.state !== 'cancelled');
  const shown = replies.filter((reply, index) => index === replies.length - 1 || !LEFT.has(reply.state)).slice(-3);
  return shown.map((reply) => {
    const by = reply.authorId ? view.authors[reply.authorId] : undefined;
    const waits = reply.state === 'scheduled' || reply.state === 'claimed';
    const at = waits ? `leaves ${times.exact(reply.dueAt)}` : times.full(reply.sentAt ?? reply.dueAt);
    const rest = waits ? [channelName(reply.channel)] : fate(view, reply, times);
    const who = reply.purpose === 'agent' ? 'Reply by the assistant' : `Reply${by ? ` by ${inline(by)}` : ''}`;
    return `${mark(view, reply, waits)}  ${[who, at, ...rest].join(' · ')}`;
  });
}

const LEFT = new Set(['sent', 'delivered', 'read']);

/** Typographic marks, not emoji: they read the same everywhere and stay quiet. */
function mark(view: CardView, message: ThreadMessage, isNext: boolean): string {
  if (LEFT.has(message.state)) return '✓';
  if (message.state === 'held' && view.lead.state === 'paused') return '○';
  if (['uncertain', 'unconfirmed', 'failed', 'held'].includes(message.state)) return '!';
  if (['cancelled', 'skipped'].includes(message.state)) return '–';
  return isNext ? '▸' : '○';
}

function fate(view: CardView, message: ThreadMessage, times: Times): string[] {
  const channel = channelName(message.channel);
  const sentAt = message.sentAt ?? message.dueAt;
  switch (message.state) {
    case 'scheduled':
      return [
        wayOut(view, message, times),
        ...(message.reason ? [reasonInWords(message.reason, message.channel)] : []),
      ];
    case 'claimed':
    case 'sending':
      return [channel, 'leaving now'];
    case 'sent':
      return [channel, 'sent'];
    case 'delivered':
      return [channel, `delivered ${times.beside(message.deliveredAt ?? sentAt, sentAt)}`];
    case 'read':
      return [channel, `read ${times.beside(message.readAt ?? sentAt, sentAt)}`];
    case 'uncertain':
      return [channel, 'may have left; the gateway is being asked, and it is not sent again meanwhile'];
    case 'unconfirmed':
      return [channel, '*may have left, and nobody can say*'];
    case 'held':
      return [view.lead.state === 'paused' ? 'waits' : `waits: ${reasonInWords(message.reason)}`];
    case 'failed':
      return [channel, `not delivered: ${reasonInWords(message.reason)}`];
    default:
      return [`not sent: ${SHORT[message.reason ?? ''] ?? reasonInWords(message.reason)}`];
  }
}

const TROUBLE: Record<TemplateTrouble, string> = {
  none: 'no WhatsApp template submitted',
  pending: 'its WhatsApp template waits for approval',
  paused: 'WhatsApp has paused its template',
  rejected: 'WhatsApp has rejected its template',
  disabled: 'WhatsApp has disabled its template',
};

/** How a planned message will travel: outside WhatsApp's 24-hour window it needs its approved template. */
function wayOut(view: CardView, message: ThreadMessage, times: Times): string {
  const way = view.ways[message.id];
  switch (way?.channel) {
    case 'whatsapp': {
      if (way.full) {
        const { most, until } = way.full;
        const instead = way.fallback ? `goes by ${channelName(way.fallback)}` : 'waits until then';
        return `WhatsApp takes ${grouped(most)} new people a day, used up until about ${times.beside(until, message.dueAt)}: ${instead}`;
      }
      const how = way.free ? 'free text while the window is open' : `template \`${inline(message.templateKey ?? '')}\``;
      return `WhatsApp ${how}${otherwise(way)}`;
    }
    case 'sms':
    case 'email':
      return `${channelName(way.channel)}${way.trouble ? `, ${TROUBLE[way.trouble]}` : ''}${otherwise(way)}`;
    case 'none':
      return `would wait: ${reasonInWords(way.reason)}`;
    default:
      return channelName(message.channel);
  }
}

const otherwise = ({ fallback }: { fallback: ChannelName | null }) =>
  fallback ? ` → ${channelName(fallback)} if unreachable` : '';
