import type { EventType } from '../../events/index.ts';
import { channelName, reasonInWords, vendorName } from '../../messaging/index.ts';
import type { Playbook } from '../../tenants/index.ts';
import { inline, stepName, subjectOf } from '../card/index.ts';
import { firstName, grouped, plural } from '../format.ts';
import type { FeedEvent } from './read.ts';

/** How one type of event appears in the feed; types that are not here never do. */
interface Entry {
  /** One event as a line, people's words escaped; undefined for one that is not news. */
  one(event: FeedEvent, playbook: Playbook | undefined): string | undefined;
  /** Many of a kind as one line. Events with the same `kind` are counted together; it defaults to the type. */
  many(count: string, event: FeedEvent, playbook: Playbook | undefined): string;
  kind?(event: FeedEvent): string;
  /** More than this at once become one line; where it is not said, as many as are read easily. */
  burst?: number;
}

/** `Anna Karlsson (BMW X5)`. */
function customer(event: FeedEvent, playbook: Playbook | undefined): string {
  const subject = about(event, playbook);
  return `${inline(event.name ?? 'a customer')}${subject ? ` (${subject})` : ''}`;
}

function about(event: FeedEvent, playbook: Playbook | undefined): string {
  return playbook && event.fields ? inline(subjectOf({ fields: event.fields }, playbook)) : '';
}

const person = (name: string | null, otherwise: string) => (name ? inline(firstName(name)) : otherwise);
const line = (playbook: Playbook | undefined) => (playbook?.name ?? 'lead').toLowerCase();

/** `Day-2 follow-up`, `First message`, `Message`. */
function stepWords(event: FeedEvent, playbook: Playbook | undefined): string {
  const key = String(event.data.step ?? event.step ?? '');
  if (!key || !playbook) return 'Message';
  if (key === playbook.cadence.steps[0]?.key) return 'First message';
  return `${inline(stepName({ playbook }, key)).replace(' ', '-')} follow-up`;
}

const perStep = (event: FeedEvent) =>
  `${event.type}/${String(event.data.purpose ?? '')}/${String(event.data.step ?? event.step ?? '')}`;

const OPT_OUTS: Record<string, string> = {
  link: 'Opt-out clicked',
  staff: 'Opt-out told in person',
  gateway: 'Opt-out reported by the gateway',
};

const stageOf = ({ data: { stage } }: FeedEvent, playbook: Playbook | undefined) =>
  inline(playbook?.pipeline.stages.find(({ key }) => key === stage)?.label ?? String(stage));

function endOf(event: FeedEvent, playbook: Playbook | undefined) {
  const stage = playbook?.pipeline.stages.find((each) => each.key === event.data.to);
  return stage?.ends === 'converted' || stage?.ends === 'closed' ? stage : undefined;
}

const PHONES: Record<string, string> = {
  linked: 'A phone is linked: WhatsApp messages leave from it',
  lost: 'The linked phone has lost its connection: WhatsApp messages wait',
  logged_out: 'The linked phone was unlinked, on the phone or by WhatsApp: `/rescue phone link`',
  removed: 'A phone is no longer linked',
};

export const ENTRIES: Partial<Record<EventType, Entry>> = {
  'lead.captured': {
    one: (event, playbook) => {
      if (event.data.source === 'import') return undefined; // the file has a line of its own
      const subject = about(event, playbook) || inline(event.name ?? '');
      const kind = inline(line(playbook));
      const what = event.colleague ? `New ${kind} logged by ${person(event.colleague, '')}` : `New enquiry: ${kind}`;
      return subject ? `${what} (${subject})` : what;
    },
    many: (count, _event, playbook) => `${count} new leads: ${inline(line(playbook))}`,
  },
  'import.ended': {
    one: ({ data, colleague }) => `${person(colleague, 'Somebody')} brought in a file: ${fileWords(data)}`,
    many: (count) => `${count} files of leads came in`,
  },
  'import.withdrawn': {
    one: ({ data, colleague }) =>
      `${person(colleague, 'Somebody')} took a file of leads back: ${plural(Number(data.removed), 'lead')} removed`,
    many: (count) => `${count} files of leads were taken back`,
  },
  'message.sent': {
    one: (event, playbook) => {
      if (event.data.purpose === 'cadence') return `${stepWords(event, playbook)} sent to ${customer(event, playbook)}`;
      if (event.data.purpose !== 'reply') return undefined;
      return `${person(event.colleague, 'Somebody')} answered ${customer(event, playbook)}`;
    },
    kind: perStep,
    many: (count, event, playbook) =>
      event.data.purpose === 'reply'
        ? `${count} answers sent to customers`
        : `${count} messages sent: ${stepWords(event, playbook)}`,
  },
  'message.received': {
    one: (event, playbook) => {
      if (event.data.understood !== 'message' && event.data.understood !== 'help') return undefined;
      if (!playbook) return 'A message came from a number that belongs to no lead';
      const subject = about(event, playbook);
      return `Customer reply received for ${event.owner ? `${person(event.owner, '')}'s` : 'a'} lead${subject ? ` (${subject})` : ''}`;
    },
    many: (count) => `${count} customer replies received`,
  },
  'person.opted_out': {
    one: (event) => {
      if (event.erased) return undefined;
      const who = inline(event.name ?? 'a customer');
      if (event.data.scope !== 'all') {
        return `${who} wants nothing by ${inline(channelName(String(event.data.scope)))} any more: sequence waits for a person`;
      }
      return `${OPT_OUTS[String(event.data.by)] ?? 'Opt-out'}: sequence stopped for ${who}`;
    },
    many: (count) => `${count} opt-outs: their sequences were stopped`,
  },
  'person.opted_in': {
    one: (event) =>
      `${inline(event.name ?? 'A customer')} opted in again by ${inline(channelName(String(event.data.channel)))}`,
    many: (count) => `${count} customers opted in again`,
  },
  'person.unsure': {
    one: (event) =>
      `${inline(event.name ?? 'A customer')} may have asked to stop: everything waits until ${person(event.owner, 'somebody')} has looked`,
    many: (count) => `${count} customers may have asked to stop: somebody has to look`,
  },
  'lead.moved': {
    one: (event, playbook) => {
      const stage = endOf(event, playbook);
      const by = event.colleague ? `, by ${person(event.colleague, '')}` : '';
      return stage && `${inline(stage.label)}: ${customer(event, playbook)}${by}`;
    },
    kind: (event) => `lead.moved/${String(event.data.to)}`,
    many: (count, event, playbook) => `${count} leads: ${inline(endOf(event, playbook)?.label ?? '')}`,
  },
  'enrolment.paused': {
    one: (event, playbook) =>
      `Follow-up paused for ${customer(event, playbook)}, by ${person(event.colleague, 'somebody')}`,
    many: (count) => `${count} follow-ups paused`,
  },
  'enrolment.resumed': {
    one: (event, playbook) =>
      `Follow-up resumed for ${customer(event, playbook)}, by ${person(event.colleague, 'somebody')}`,
    many: (count) => `${count} follow-ups resumed`,
  },
  'enrolment.ended': {
    one: (event, playbook) =>
      event.data.state === 'completed' ? `Follow-up complete without a reply: ${customer(event, playbook)}` : undefined,
    many: (count) => `${count} follow-ups complete without a reply`,
  },
  'sequence.passed': {
    one: (event, playbook) =>
      `${stageOf(event, playbook)}, no follow-up began for ${customer(event, playbook)}: ${reasonInWords(String(event.data.why))}`,
    kind: ({ data }) => `sequence.passed/${String(data.stage)}/${String(data.why)}`,
    many: (count, event, playbook) =>
      `${stageOf(event, playbook)}, no follow-up began for ${count} leads: ${reasonInWords(String(event.data.why))}`,
  },
  'message.held': {
    one: (event, playbook) =>
      `${stepWords(event, playbook)} to ${customer(event, playbook)} waits: ${inline(reasonInWords(String(event.data.reason)), 200)}`,
    kind: (event) => `message.held/${String(event.data.reason)}`,
    many: (count, event) => `${count} messages wait: ${inline(reasonInWords(String(event.data.reason)), 200)}`,
  },
  'message.refused': {
    one: (event, playbook) => trouble(event, playbook),
    kind: (event) => `trouble/${String(event.data.code)}`,
    many: (count, event) => `${count} messages did not leave: ${inline(reasonInWords(String(event.data.code)), 200)}`,
  },
  'message.failed': {
    one: (event, playbook) => trouble(event, playbook),
    kind: (event) => `trouble/${String(event.data.code)}`,
    many: (count, event) =>
      `${count} messages were not delivered: ${inline(reasonInWords(String(event.data.code)), 200)}`,
  },
  'message.reconciled': {
    one: (event, playbook) =>
      event.data.verdict === 'unconfirmed'
        ? `${stepWords(event, playbook)} to ${customer(event, playbook)} may have left, and nobody can say: its card asks what to do`
        : undefined,
    many: (count) => `${count} messages may have left, and nobody can say: their cards ask what to do`,
  },
  'message.withdrawn': {
    one: (event, playbook) => `${customer(event, playbook)} took back a message`,
    many: (count) => `${count} messages were taken back by customers`,
  },
  'phone.changed': {
    one: ({ data }) => PHONES[String(data.state)],
    kind: (event) => `phone.changed/${String(event.data.state)}`,
    many: (count, event) => `${PHONES[String(event.data.state)] ?? 'A phone changed'} (${count} times)`,
  },
  'sender.rested': {
    one: ({ data }) =>
      `${senderWords(data)} ${RESTS[String(data.reason)] ?? 'does not work'}: ${data.next ? `messages go by ${inline(vendorName(String(data.next)))} until it does` : 'messages wait, or go by another channel, until it does'}`,
    many: (count) => `${count} times a sender did not work`,
  },
  'sender.recovered': {
    one: ({ data }) => `${senderWords(data)} works again`,
    many: (count) => `${count} times a sender worked again`,
  },
  'sender.changed': {
    one: (event) =>
      `${senderWords(event.data)}: ${CHANGED[String(event.data.what)] ?? 'changed'}${fromTo(event.data)} by ${person(event.colleague, 'somebody')}`,
    many: (count) => `${count} changes of senders`,
  },
  'template.changed': {
    one: ({ data }) =>
      data.state === 'approved' || data.state === 'rejected'
        ? `WhatsApp template ${inline(String(data.template))} (${inline(String(data.language))}) ${data.state}`
        : undefined,
    kind: (event) => `template.changed/${String(event.data.state)}`,
    many: (count, event) => `${count} WhatsApp templates ${inline(String(event.data.state))}`,
    burst: 1,
  },
};

const RESTS: Record<string, string> = {
  denied: 'refuses our account',
  reported: 'takes messages and does not deliver them: it says that our sender may not write',
  silent: 'does not answer',
  failing: 'fails too often',
};

const CHANGED: Record<string, string> = {
  connected: 'connected',
  renewed: 'access given anew',
  ordered: 'moved in the order',
  limited: 'limits changed',
  priced: 'price changed',
  rated: 'messages a second changed',
  removed: 'no longer used',
};

/** `12 new leads, 1 refused`. */
const fileWords = ({ captured, merged, refused }: Record<string, unknown>): string =>
  [
    plural(Number(captured), 'new lead'),
    ...(Number(merged) > 0 ? [`${grouped(Number(merged))} merged`] : []),
    ...(Number(refused) > 0 ? [`${grouped(Number(refused))} refused`] : []),
  ].join(', ');

/** Figures that were changed; a place in the order is none. */
const fromTo = ({ what, from, to }: Record<string, unknown>): string =>
  what === 'ordered' || from === undefined || to === undefined
    ? ''
    : ` (${inline(String(from ?? 'none'))} → ${inline(String(to ?? 'none'))})`;

/** `WhatsApp by Twilio`. */
const senderWords = (data: Record<string, unknown>) =>
  `${inline(channelName(String(data.channel)))} by ${inline(vendorName(String(data.vendor)))}`;

/** Only what will not be tried again is news. */
function trouble(event: FeedEvent, playbook: Playbook | undefined): string | undefined {
  if (event.data.next !== 'failed' && event.data.next !== 'hold') return undefined;
  const why = inline(reasonInWords(String(event.data.code)), 200);
  const what = event.data.next === 'hold' ? 'waits' : 'was not delivered';
  return `${stepWords(event, playbook)} to ${customer(event, playbook)} ${what}: ${why}`;
}
