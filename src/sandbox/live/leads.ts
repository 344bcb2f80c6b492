import { DateTime } from 'luxon';
import { isZone } from '../../lib/zones.ts';
import { type ThreadMessage, tell } from '../../messaging/index.ts';
import type { Playbook, Playbooks } from '../../tenants/index.ts';
import type { Lead, Step, TextChannel } from '../wire.ts';
import { attemptsOf } from './attempts.ts';
import type { Books, LeadRow, MessageRow } from './read.ts';

/** Steps shown of one lead, the newest. */
const STEPS = 80;

/** The timelines of all leads that were read, by key. `business` turns machine time into business time. Pure. */
export function timelines(books: Books, playbooks: Playbooks, business: (at: Date) => Date): Map<string, Lead> {
  const newest = new Map<string, string>();
  for (const lead of books.leads) if (!newest.has(lead.personId)) newest.set(lead.personId, lead.id);
  const messages = groupBy(books.messages, (message) => message.leadId ?? newest.get(message.personId) ?? '');
  const sends = groupBy(books.sends, (send) => send.messageId);
  const events = groupBy(books.events, (event) => event.messageId);

  function steps(lead: LeadRow, playbook: Playbook): Step[] {
    const time = timesIn(lead.zone);
    return (messages.get(lead.id) ?? []).slice(-STEPS).map((message) => ({
      id: message.id,
      label: labelOf(message, lead, playbook),
      direction: message.direction,
      channel: message.channel as TextChannel,
      state: message.state,
      at: momentOf(message).toISOString(),
      words: tell(message, time),
      attempts: attemptsOf(
        sends.get(message.id) ?? [],
        events.get(message.id) ?? [],
        message.state === 'scheduled' ? message.dueAt : null,
        business,
      ),
    }));
  }

  return new Map(
    books.leads.map((lead): [string, Lead] => {
      const playbook = playbooks.get(lead.playbook);
      const { id, name, number, zone, owner } = lead;
      const subject = playbook.fields.find((field) => field.type === 'text');
      return [
        `lead/${id}`,
        {
          id,
          name,
          number,
          zone,
          car: (subject && lead.fields[subject.key]) ?? '',
          owner,
          stage: playbook.pipeline.stages.find((stage) => stage.key === lead.stage)?.label ?? lead.stage,
          state: lead.state ?? 'none',
          createdAt: lead.capturedAt.toISOString(),
          steps: steps(lead, playbook),
        },
      ];
    }),
  );
}

/** When it came, was sent, or is due. */
function momentOf(message: ThreadMessage): Date {
  return message.direction === 'in' ? message.createdAt : (message.sentAt ?? message.dueAt);
}

const NOTICES: Record<string, string> = {
  opt_out_confirmation: 'Confirmation of the opt-out',
  opt_in_confirmation: 'Confirmation of the opt-in',
  help: 'Answer to a call for help',
  unknown_sender: 'Answer to somebody unknown',
};

function labelOf(message: MessageRow, lead: LeadRow, playbook: Playbook): string {
  const first = (name: string) => (name.startsWith('+') ? name : (name.split(' ')[0] ?? name));
  switch (message.purpose) {
    case 'cadence': {
      const day = playbook.cadence.steps.find((step) => step.key === message.stepKey)?.day;
      return day === undefined ? inWords(message.stepKey ?? 'message') : `Day ${day}`;
    }
    case 'reply':
      return message.author ? `Reply by ${first(message.author)}` : 'Reply';
    case 'inbound':
      return `${first(lead.name)} wrote`;
    default: {
      const key = message.templateKey ?? message.purpose;
      return NOTICES[key] ?? inWords(key);
    }
  }
}

const inWords = (key: string) => key.slice(0, 1).toUpperCase() + key.slice(1).replaceAll('_', ' ');

/** `Sat 21 Nov 10:42` in the customer's own time. */
function timesIn(zone: string): (at: Date) => string {
  const known = isZone(zone) ? zone : 'UTC';
  return (at) => DateTime.fromJSDate(at, { zone: known }).setLocale('en-GB').toFormat('ccc d LLL HH:mm');
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
