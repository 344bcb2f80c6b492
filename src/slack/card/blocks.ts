import { isFact } from '../../leads/index.ts';
import { clockDifference, firstName, grouped, phoneWords, type Times, timesFor, zoneCity } from '../format.ts';
import { section } from '../views.ts';
import { leadButtons } from './buttons.ts';
import { decisionBlocks } from './decisions.ts';
import { attention, fallbackText, headline } from './headline.ts';
import { actions, context } from './kit.ts';
import { planLines, replyLines } from './plan.ts';
import { factWords, scoreWords } from './score.ts';
import { bold, fitted, inline, mention } from './text.ts';
import { type CardView, type Photo, subjectOf } from './view.ts';

/** Characters of the plan; Slack allows 3,000 in one section. */
const MAX_PLAN = 2600;

/** A lead's card: who it is, where it stands, the plan, what can be done. Pure; fits Slack's limits for any input. */
export function cardBlocks(view: CardView): { text: string; blocks: object[] } {
  const times = timesFor(view.reader);
  const subject = subjectOf(view.lead, view.playbook);
  const state = [`*${headline(view, times)}*`, ...attention(view, times)];
  const plan = fitted([...planLines(view, times), ...replyLines(view, times)], MAX_PLAN);
  return {
    text: fallbackText(view, subject, times),
    blocks: [
      section(`${heading(view, subject)}\n${contact(view, times)}`),
      section([...state, plan].filter(Boolean).join('\n')),
      ...decisionBlocks(view),
      ...actions(leadButtons(view)),
      ...context([details(view), photoWords(view.photo), zoneWords(view)]),
    ],
  };
}

function heading(view: CardView, subject: string): string {
  const score = scoreWords(view);
  return [bold(view.lead.name), subject && inline(subject), score && `_${score}_`].filter(Boolean).join(' · ');
}

function contact(view: CardView, times: Times): string {
  const { phone, capturedAt } = view.lead;
  const call = phone ? [`<tel:${phone}|${phoneWords(phone)}>`] : [];
  const by = byWhom(view);
  const cover = view.cover ? [`${mention(view.cover.slackUserId)} stands in`] : [];
  return [...call, `${by} ${times.full(capturedAt)}`, ...cover].join(' · ');
}

function byWhom({ owner, lead }: CardView): string {
  if (!owner) return 'nobody looks after this lead, logged';
  const who = mention(owner.slackUserId);
  return lead.loggedByOwner ? `logged by ${who}` : `${who} looks after it, logged`;
}

/** What else was asked when the lead was logged. */
function details(view: CardView): string {
  const facts = view.playbook.fields.filter(isFact);
  const subject = facts.find((field) => field.type === 'text');
  const said = facts.flatMap((field) => {
    const value = view.lead.fields[field.key];
    return value && field !== subject ? [`${inline(field.label)}: ${factWords(field, value)}`] : [];
  });
  const found = Object.values(view.enriched.found ?? {}).map((name) => `${inline(name)} (by the e-mail address)`);
  return [...[...found, ...said].slice(0, 9), ...distance(view)].join('  ·  ');
}

/** How far away the lead is, and whether that is outside the area that the business serves. */
function distance({ enriched: { miles }, serviceMiles }: CardView): string[] {
  if (miles === undefined) return [];
  const away = `${grouped(miles)} miles from the base`;
  const outside = typeof serviceMiles === 'number' && miles > serviceMiles;
  return [outside ? `:warning: *outside your service area:* ${away}` : away];
}

function photoWords(photo: Photo): string {
  switch (photo) {
    case 'none':
      return '';
    case 'coming':
      return 'Licence photo: being stored';
    case 'failed':
      return 'Licence photo: it could not be fetched from Slack. Please add it again.';
    case 'link_open':
      return 'Licence photo: waits for the phone to send it';
    case 'link_expired':
      return 'Licence photo: the link has expired, nothing was sent';
    case 'stored:deleted':
      return 'Licence photo: stored encrypted, and deleted from Slack';
    case 'stored:asked':
      return 'Licence photo: stored encrypted; the copy in Slack is for the one who sent it to delete';
    case 'stored:present':
      return 'Licence photo: stored encrypted; the copy in Slack is being removed';
    default:
      return 'Licence photo: stored encrypted';
  }
}

/** Due times are kept in the customer's hours; where those are not the reader's, the card says so. */
function zoneWords(view: CardView): string {
  const difference = clockDifference(view.customerZone, view.reader);
  if (!difference) return '';
  const who = inline(firstName(view.lead.name));
  return `Times are ${zoneCity(view.reader.zone)}'s; ${who}'s clock (${zoneCity(view.customerZone)}) is ${difference}.`;
}
