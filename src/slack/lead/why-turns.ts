import { channelName, reasonInWords } from '../../messaging/index.ts';
import { type CardView, inline, quoted } from '../card/index.ts';
import { capital, firstName, grouped, plural, type Times } from '../format.ts';
import type { WhyEvent, WhyFacts } from './why-read.ts';

/**
 * The turns a follow-up took (stopped, paused, won), each with who, when, the words that caused it and the event that
 * proves it. Only what is stored is said. Pure.
 */
export function turns(view: CardView, facts: WhyFacts, times: Times): string[] {
  return facts.events.flatMap((event) => {
    const what = turn(view, facts, event);
    if (!what) return [];
    const words = event.messageId ? facts.words[event.messageId] : undefined;
    const when = `${times.full(event.at).replace(times.clock(event.at), times.exact(event.at))}`;
    return [
      [
        `*${what.title}* ${when}${what.how ? ` · ${what.how}` : ''}`,
        ...(words ? [quoted(words, 600)] : []),
        `${what.effect ? `${what.effect} ` : ''}${proof(facts, event.id)}`,
      ].join('\n'),
    ];
  });
}

/** Which event proves it, and in which sealed batch. */
export function proof({ seals }: WhyFacts, eventId: number): string {
  const sealed = seals.get(eventId);
  return `Proof: event ${grouped(eventId)}${sealed ? ` in sealed batch ${grouped(sealed.batch)}` : ''}.`;
}

interface Turn {
  title: string;
  how: string;
  effect: string;
}

function turn(view: CardView, facts: WhyFacts, event: WhyEvent): Turn | undefined {
  const who = inline(firstName(view.lead.name));
  const by = actor(facts, event);
  const channel = event.messageId ? facts.channels[event.messageId] : undefined;
  const data = event.data;
  switch (event.type) {
    case 'person.opted_out': {
      const all = data.scope === 'all';
      return {
        title: all ? 'Opted out' : `Opted out of ${channelName(String(data.scope))}`,
        how: optOutWay(String(data.by), channel, who, by),
        effect: all ? `${cancelled(data.cancelled)} Nothing goes out on any channel.` : held(data.cancelled),
      };
    }
    case 'person.opted_in':
      return {
        title: `Opted in again by ${channelName(String(data.channel))}`,
        how: `${who} wrote it`,
        effect: 'What had been cancelled stays cancelled.',
      };
    case 'person.unsure':
      return {
        title: 'May have asked to stop',
        how: `${who} wrote this`,
        effect: 'Everything waits until a person decides.',
      };
    case 'enrolment.paused':
      return { title: 'Paused', how: by, effect: held(data.held) };
    case 'enrolment.resumed':
      return { title: 'Resumed', how: by, effect: '' };
    case 'conversation.taken':
      return { title: 'Taken over', how: by, effect: 'From here on a person answers, not the assistant.' };
    case 'conversation.handed_back':
      return { title: 'Handed back to the assistant', how: by, effect: '' };
    case 'conversation.settled':
      return { title: 'No answer needed', how: by, effect: '' };
    case 'person.renumbered':
      return { title: 'Number corrected', how: by, effect: 'From here on messages go to the new number.' };
    case 'conversation.reminded':
      return {
        title: data.escalated ? 'Managers told that nobody had answered' : 'Reminded of an answer',
        how: `after ${grouped(Number(data.minutes))} min of opening hours`,
        effect: '',
      };
    case 'sequence.passed': {
      const { stages } = view.playbook.pipeline;
      const stage = stages.find(({ key }) => key === data.stage)?.label ?? String(data.stage);
      return {
        title: 'No follow-up began',
        how: `in ${inline(stage)}`,
        effect: `${capital(reasonInWords(String(data.why)))}.`,
      };
    }
    case 'enrolment.ended':
      return ended(String(data.state), data.cancelled, who, by, channel);
    default:
      return undefined;
  }
}

function ended(state: string, count: unknown, who: string, by: string, channel: string | undefined): Turn | undefined {
  const effect = `The follow-up ended. ${cancelled(count)}`;
  switch (state) {
    case 'replied':
      return { title: 'Replied', how: `${who} wrote${channel ? ` by ${channelName(channel)}` : ''}`, effect };
    case 'converted':
      return { title: 'Won', how: by, effect };
    case 'closed':
      return { title: 'Closed', how: by, effect };
    case 'completed':
      return { title: 'Complete', how: 'every step is done', effect: '' };
    default:
      return undefined;
  }
}

function optOutWay(way: string, channel: string | undefined, who: string, by: string): string {
  const through = channel ? ` by ${channelName(channel)}` : '';
  switch (way) {
    case 'keyword':
      return `${who} sent a stop word${through}`;
    case 'words':
      return `${who} asked for it${through}, in their own words`;
    case 'link':
      return `${who} used the opt-out page`;
    case 'gateway':
      return `the gateway reported that ${who} blocks our messages`;
    case 'hidden':
      return `${who} asked for it on WhatsApp, before it showed us whose number that was`;
    case 'staff':
      return `${who} told us, noted ${by}`;
    default:
      return by;
  }
}

function actor(facts: WhyFacts, event: WhyEvent): string {
  if (event.actor.startsWith('staff:')) return `by ${inline(facts.names[event.actor.slice(6)] ?? 'a colleague')}`;
  return event.actor === 'system' ? 'by itself' : `by the ${event.actor}`;
}

const cancelled = (count: unknown) =>
  count === 0
    ? 'Nothing was planned any more.'
    : `${plural(Number(count), 'planned message was', 'planned messages were')} cancelled in the same moment.`;

const held = (count: unknown) => `${plural(Number(count), 'planned message waits', 'planned messages wait')}.`;
