import type { Deadline, Erasure, Receipt, Survey } from '../../privacy/index.ts';
import { actions, bold, button, inline, mention, type Post } from '../card/index.ts';
import { plural, type Times } from '../format.ts';
import { context, section } from '../views.ts';
import { serviceName } from './receipts.ts';

/** What erasing leaves, and why. */
export const STAYS =
  'What stays: a keyed hash of their addresses, so that nobody writes to them again; that they agreed and when; the log, which holds facts and ids only; and figures.';

/** What Slack and others keep, which we cannot delete. */
const ELSEWHERE =
  'Not in our hands: what people wrote themselves, lines in the activity feed and in direct messages. Delete these there.';

/** What goes, a line each. Pure. */
export function surveyLines(survey: Survey): string[] {
  const { messages, files, photos, appointments, coming, drafts } = survey;
  return [
    `• the name, ${plural(survey.addresses, 'number or mailbox', 'numbers and mailboxes')}, ${plural(survey.leads, 'lead')}`,
    ...(messages > 0 ? [`• the words of ${plural(messages, 'message')}`] : []),
    ...(survey.planned > 0 ? [`• ${plural(survey.planned, 'planned message')}: cancelled`] : []),
    ...(files > 0
      ? [`• ${plural(files, 'picture, voice note or document', 'pictures, voice notes and documents')}`]
      : []),
    ...(photos > 0 ? [`• ${plural(photos, 'licence photo')}`] : []),
    ...(appointments > 0
      ? [`• ${plural(appointments, 'appointment')}${coming > 0 ? `, ${coming} still to come: nobody is told` : ''}`]
      : []),
    ...(drafts > 0 || survey.notes ? ['• what the assistant noted and drafted'] : []),
    '• our own notes in the threads of their cards in Slack',
  ];
}

/** What a colleague is asked. Pure. */
export function askPost(erasure: Erasure, survey: Survey, deadline: Deadline, times: Times): Post {
  const { id, customer, askedBy, askedAt } = erasure;
  const words = `${mention(askedBy.slackUserId)} asks to *forget* ${bold(customer)} for good (${times.full(askedAt)}). It takes two of you.`;
  return {
    text: `${inline(askedBy.name)} asks to erase a person`,
    blocks: [
      section(`${words}\n${surveyLines(survey).join('\n')}`),
      section(`*${deadlineInWords(deadline, times)}* If they asked before today, count from that day.`),
      section(STAYS),
      ...actions([
        button('erasure_approve', 'Erase', id, {
          style: 'danger',
          confirm: { title: 'Erase for good?', text: 'It starts at once and cannot be undone.', yes: 'Erase' },
        }),
        button('erasure_refuse', 'Refuse', id),
      ]),
    ],
  };
}

/** Until when the person has to hear, and by which law. Pure. */
function deadlineInWords({ regime, acknowledgeBy, answerBy }: Deadline, times: Times): string {
  const day = (date: string) => times.day(new Date(`${date}T12:00:00Z`));
  const law = regime === 'gdpr' ? 'GDPR: one month' : 'California: 45 days';
  const first = acknowledgeBy === null ? '' : ` Tell them by ${day(acknowledgeBy)} that their request has come.`;
  return `They must have an answer by ${day(answerBy)} (${law}).${first}`;
}

/** What stands there once it is decided. Pure. */
export function decidedPost({ state, customer, askedBy, decidedBy }: Erasure): Post {
  const by = decidedBy ? mention(decidedBy.slackUserId) : 'somebody';
  const asked = `asked by ${mention(askedBy.slackUserId)}`;
  const words = {
    asked: `The erasure of ${bold(customer)}, ${asked}, waits.`,
    approved: `The erasure that was ${asked} is being carried out; ${by} agreed.`,
    refused: `Refused by ${by}: the erasure of ${bold(customer)}, ${asked}. Nothing was deleted.`,
    done: `Done: the erasure that was ${asked}; ${by} agreed.`,
  }[state];
  return { text: words.replaceAll('*', ''), blocks: [section(words)] };
}

/** What whoever asked hears in the end; null while it is not decided. Pure. */
export function resultPost(erasure: Erasure, receipts: readonly Receipt[], times: Times): Post | null {
  const { state, decidedBy, askedAt, removed, customer } = erasure;
  const by = decidedBy ? mention(decidedBy.slackUserId) : 'A colleague';
  if (state === 'refused') {
    const words = `${by} refused the erasure of ${bold(customer)}. Nothing was deleted.`;
    return { text: words.replaceAll('*', ''), blocks: [section(words)] };
  }
  if (state !== 'done') return null;
  const counts = Object.entries(removed ?? {}).flatMap(([name, n]) => {
    const words = COUNTED[name];
    return words ? [plural(n, words.one, words.many)] : [];
  });
  const words = `*Erased:* the person you asked about ${times.full(askedAt)}; ${by} agreed. Gone: ${counts.join(', ') || 'the name and the addresses'}.`;
  const services = [...new Set(receipts.map(serviceName))].join(', ');
  const asked =
    services === '' ? [] : [section(`Asked to delete what they keep: ${services}. You hear what they answer.`)];
  return {
    text: 'The erasure you asked for is done.',
    blocks: [section(words), ...asked, section(ELSEWHERE), context(STAYS)],
  };
}

/** What is told of what was removed. */
const COUNTED: Record<string, { one: string; many: string }> = {
  addresses: { one: 'address', many: 'addresses' },
  leads: { one: 'lead with all its facts', many: 'leads with all their facts' },
  messages: { one: 'message', many: 'messages' },
  files: { one: 'file', many: 'files' },
  photos: { one: 'licence photo', many: 'licence photos' },
  appointments: { one: 'appointment', many: 'appointments' },
  drafts: { one: 'draft', many: 'drafts' },
  webhooks: { one: 'raw message', many: 'raw messages' },
  details: { one: 'private part of the log', many: 'private parts of the log' },
};
