import { channelName, reasonInWords, type ThreadMessage, tell } from '../../messaging/index.ts';
import {
  bold,
  type CardView,
  context,
  escaped,
  headline,
  inline,
  stepName,
  subjectOf,
  whyScore,
} from '../card/index.ts';
import type { Action } from '../feature.ts';
import { capital, firstName, grouped, knownZone, type Times, timesFor } from '../format.ts';
import { type ModalView, section } from '../views.ts';
import type { LeadDeps } from './deps.ts';
import { leadIdOf, modal, show } from './modals.ts';
import { readWhy, type WhyEvent, type WhyFacts } from './why-read.ts';
import { proof, turns } from './why-turns.ts';

/** Turns and messages shown at most; Slack takes 100 blocks. */
const MAX_TURNS = 12;
const MAX_MESSAGES = 60;

/** Why? shows the send ledger in words: each message, when it went or why not, and the events that prove it. */
export function createWhy(deps: LeadDeps): Record<string, Action> {
  return {
    lead_why: {
      permission: 'lead.see_own',
      async run(asked, value, place) {
        const lead = await deps.desk.lead(asked.staff, leadIdOf(value));
        const view = await deps.cards.view(asked.tenant.id, lead.id);
        if (!view) return;
        const { data } = await deps.tenants.keys(asked.tenant.id);
        const facts = await deps.db.inTenant(asked.tenant.id, (tx) => readWhy(tx, data, lead.id, lead.personId));
        const zone = knownZone(asked.staff.zone, asked.tenant.zone);
        await show(asked, place, whyModal({ ...view, reader: { ...view.reader, zone } }, facts));
      },
    },
  };
}

/** The whole explanation as a window; pure. */
export function whyModal(view: CardView, facts: WhyFacts): ModalView {
  const times = timesFor(view.reader);
  const subject = subjectOf(view.lead, view.playbook);
  const messages = view.messages.slice(-MAX_MESSAGES);
  const left = view.messages.length - messages.length;
  return modal({
    id: 'lead_why',
    title: 'Why?',
    blocks: [
      section(
        [bold(view.lead.name) + (subject && ` · ${inline(subject)}`), escaped(headline(view, times), 400)].join('\n'),
      ),
      ...scoreSection(view),
      ...turns(view, facts, times)
        .slice(-MAX_TURNS)
        .map((words) => section(words)),
      { type: 'divider' },
      ...context([left > 0 ? `${grouped(left)} older messages are not shown.` : '']),
      ...messages.map((message) => section(line(view, facts, message, times))),
      ...context([
        'Events are sealed in a log that nobody can change unnoticed. To check one: `npm run audit -- prove` and its number.',
      ]),
    ],
  });
}

/** Why this score, factor by factor. */
function scoreSection(view: CardView): object[] {
  const lines = whyScore(view);
  return lines.length > 0 ? [section(lines.join('\n'))] : [];
}

function line(view: CardView, facts: WhyFacts, message: ThreadMessage, times: Times): string {
  const events = facts.events.filter((event) => event.messageId === message.id);
  const sent = events.find((event) => event.type === 'message.sent');
  const words = [`*${inline(nameOf(view, message))}* – ${inline(tell(message, times.full), 600)}.`];
  if (message.purpose === 'cadence' && ['cancelled', 'skipped'].includes(message.state)) {
    words.push(`It was planned for ${times.full(message.dueAt)} by ${channelName(message.channel)}.`);
  }
  if (sent) words.push(proof(facts, sent.id));
  return [words.join(' '), ...events.flatMap((event) => attempt(event, times))].join('\n');
}

function nameOf(view: CardView, message: ThreadMessage): string {
  const by = message.authorId ? view.authors[message.authorId] : undefined;
  switch (message.purpose) {
    case 'cadence':
      return stepName(view, message.stepKey);
    case 'reply':
      return by ? `Reply by ${by}` : 'Reply';
    case 'inbound':
      return `${firstName(view.lead.name)} wrote`;
    default:
      return capital((message.templateKey ?? message.purpose).replaceAll('_', ' '));
  }
}

const NEXT: Record<string, string> = {
  again: 'it was tried again later',
  fallback: 'it went on by SMS',
  elsewhere: 'another sender took over',
  hold: 'it waits for a person',
  failed: 'it was given up',
  opted_out: 'it counts as an opt-out',
};
const VERDICTS: Record<string, string> = {
  sent: 'the gateway was asked and had taken it',
  not_sent: 'the gateway was asked and had not taken it',
  unconfirmed: 'the gateway was asked and could not say',
};
const DECISIONS: Record<string, string> = {
  resend: 'somebody had it sent again',
  leave: 'somebody left it as it is',
  undo: 'it was taken back',
};

/** What went wrong on the way, one line each. */
function attempt(event: WhyEvent, times: Times): string[] {
  const { data } = event;
  const at = times.exact(event.at);
  switch (event.type) {
    case 'message.refused':
    case 'message.failed': {
      const next = NEXT[String(data.next)];
      const why = inline(reasonInWords(String(data.code)), 300);
      return [`    ${at}  attempt ${data.attempt} failed: ${why}${next ? `; ${next}` : ''}`];
    }
    case 'message.uncertain':
      return [`    ${at}  attempt ${data.attempt} got no answer; it was not sent again on the chance`];
    case 'message.reconciled':
      return [`    ${at}  ${VERDICTS[String(data.verdict)] ?? inline(String(data.verdict))}`];
    case 'message.decided':
      return [`    ${at}  ${DECISIONS[String(data.decision)] ?? inline(String(data.decision))}`];
    default:
      return [];
  }
}
