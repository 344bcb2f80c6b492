import type { LeadSummary } from '../../leads/index.ts';
import type { Playbook } from '../../tenants/index.ts';
import {
  actions,
  bold,
  button,
  context,
  inline,
  mention,
  type Post,
  subjectOf,
  takeLeadButton,
} from '../card/index.ts';
import { grouped, phoneWords } from '../format.ts';
import { clip } from '../text.ts';
import { section } from '../views.ts';

/** A lead that cannot wait. */
export interface Urgent {
  lead: LeadSummary;
  playbook: Pick<Playbook, 'name' | 'fields'>;
  points: number;
  band: string;
  /** Where it is worth more than the playbook's line. */
  value: number | null;
  business: string;
  currency: string | null;
  /** Who looks after it, as Slack knows them. */
  owner: string | null;
}

const worth = ({ value, currency }: Urgent) =>
  value === null ? '' : `worth ${grouped(value)}${currency ? ` ${currency}` : ''}`;

/** What managers see in Slack; `noPhone`: nobody of them can be told by SMS. Pure. */
export function alertNote(about: Urgent, noPhone: boolean): Post {
  const { lead, playbook, points, band } = about;
  const subject = subjectOf(lead, playbook);
  const who = `${bold(lead.name)}${subject ? ` (${inline(subject)})` : ''}`;
  const facts = [
    `score ${points} · ${band}`,
    worth(about),
    lead.phone ? `<tel:${lead.phone}|${phoneWords(lead.phone)}>` : '',
  ];
  const owner = about.owner === null ? 'Nobody looks after this lead yet.' : `${mention(about.owner)} looks after it.`;
  return {
    text: `Urgent lead: ${inline(lead.name)}, score ${points}${worth(about) && `, ${worth(about)}`}`,
    blocks: [
      section(`*Urgent:* ${who} · ${inline(playbook.name)}\n${facts.filter(Boolean).join('  ·  ')}\n${owner}`),
      ...context([noPhone ? 'No SMS went out: no manager has a phone number in their Slack profile.' : '']),
      ...actions([
        ...(about.owner === null ? [takeLeadButton(lead.id)] : []),
        button('lead_open', 'Open', lead.id, about.owner === null ? {} : { style: 'primary' }),
        button('lead_reply', 'Reply', lead.id),
        button('lead_why', 'Why?', lead.id),
      ]),
    ],
  };
}

/** The same for a phone, within one text message. Pure. */
export function alertText(about: Urgent): string {
  const { lead, points, band, business } = about;
  const tail = [`score ${points} (${band})`, worth(about), lead.phone ?? ''].filter(Boolean).join(', ');
  return `${clip(business, 30)}: urgent lead ${clip(lead.name, 40)}, ${tail}. See Slack.`;
}
