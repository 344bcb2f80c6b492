import {
  type LeadPlace,
  type LeadSummary,
  listLeads,
  searchLeads,
  searchWords,
  unownedLeads,
} from '../../leads/index.ts';
import { isId, type LeadId } from '../../lib/ids.ts';
import { may, openStages } from '../../tenants/index.ts';
import type { Answer, Asked } from '../feature.ts';
import { plural } from '../format.ts';
import { clip, escapeMarkup } from '../text.ts';
import { buttons, context, section } from '../views.ts';
import type { LeadCommandDeps } from './deps.ts';
import { readFilter } from './filter.ts';
import { type ListContext, leadLine, leadRow, timesOf, unownedRow } from './list.ts';

/** Lists what nobody looks after. */
export const LEADS_UNOWNED = 'leads_unowned';

const PAGE = 10;

/** Salespeople are shown their own leads, whatever they ask for. */
function scopeOf({ staff }: Asked) {
  return may(staff.role, 'lead.see_all') ? {} : { ownerId: staff.id };
}

/** Longest text that a button carries besides the lead it goes on from; Slack takes 2,000 characters. */
const MAX_CARRIED = 1800;

/** Leads that fit what was typed, the newest first, from `before` on backwards; without words all of them. */
export async function filteredLeads(
  deps: LeadCommandDeps,
  asked: Asked,
  text: string,
  before?: LeadPlace,
): Promise<Answer> {
  const filter = readFilter(text, deps.playbooks, asked.tenant);
  const leads =
    filter === 'nothing'
      ? []
      : await deps.db.inTenant(asked.tenant.id, (tx) =>
          listLeads(tx, { ...filter, ...scopeOf(asked), before, limit: PAGE + 1 }),
        );
  const page = leads.slice(0, PAGE);
  const free = before || text !== '' ? [] : await unowned(deps, asked, 1);
  const toFree = free.length > 0 ? buttons({ text: 'Leads nobody looks after', actionId: LEADS_UNOWNED }) : [];
  if (page.length === 0) {
    const nothing = nothingWords(asked, text, before);
    return { text: nothing, blocks: [section(nothing), ...toFree] };
  }
  const last = page.at(-1);
  const carries = last && text.length <= MAX_CARRIED ? `${placeWords(last)} ${text}`.trim() : undefined;
  const more =
    leads.length > PAGE && carries ? buttons({ text: 'Show more', actionId: 'leads_more', value: carries }) : [];
  const whose = may(asked.staff.role, 'lead.see_all') ? 'Leads' : 'Your leads';
  const wanted = text === '' ? '' : ` for “${escapeMarkup(clip(text, 80))}”`;
  return shown(deps, asked, `${whose}${wanted}, ${before ? 'earlier' : 'newest first'}`, page, [...more, ...toFree]);
}

/** What the button under a list carries: from where on, and what was typed. */
export function moreLeads(deps: LeadCommandDeps, asked: Asked, value: string): Promise<Answer> {
  const [place = '', ...words] = value.split(' ');
  return filteredLeads(deps, asked, words.join(' '), placeIn(place));
}

const placeWords = ({ id, capturedAt }: LeadSummary) => `${id}@${capturedAt.getTime()}`;

/** Buttons of before carry the id alone. */
function placeIn(words: string): LeadPlace | undefined {
  const [id = '', at] = words.split('@');
  if (!isId(id)) return undefined;
  return { id: id as LeadId, ...(at !== undefined && { capturedAt: new Date(Number(at)) }) };
}

function nothingWords({ staff }: Asked, text: string, before: LeadPlace | undefined): string {
  if (before) return 'Those were all.';
  if (text === '') return 'No leads yet. Log the first one with `/drive`.';
  const own = may(staff.role, 'lead.see_all') ? '' : ' among your leads';
  return `Nobody found for “${escapeMarkup(clip(text, 80))}”${own}. Leave a filter out, or write a part of the name, the car or the number.`;
}

const unowned = (deps: LeadCommandDeps, asked: Asked, limit: number) =>
  deps.db.inTenant(asked.tenant.id, (tx) => unownedLeads(tx, openStages(deps.playbooks.all), limit));

/** Open leads that nobody looks after, for anybody to take. */
export async function leadsToTake(deps: LeadCommandDeps, asked: Asked): Promise<Answer> {
  const leads = await unowned(deps, asked, PAGE + 1);
  if (leads.length === 0) return { text: 'Somebody looks after every open lead.' };
  const page = leads.slice(0, PAGE);
  const heading = 'Leads nobody looks after, newest first';
  const times = timesOf(asked, deps.clock.now());
  const more = leads.length > PAGE ? [context(`Only the newest ${PAGE} are shown.`)] : [];
  return {
    text: `${heading}: ${page.map(({ name }) => escapeMarkup(name)).join(', ')}`,
    blocks: [section(`*${heading}*`), ...page.map((lead) => unownedRow(lead, { times })), ...more],
  };
}

/** Leads that match every word. */
export async function foundLeads(deps: LeadCommandDeps, asked: Asked, text: string): Promise<Answer> {
  const words = searchWords(text, asked.tenant.country);
  const leads = await deps.db.inTenant(asked.tenant.id, (tx) =>
    searchLeads(tx, words, { ...scopeOf(asked), limit: PAGE + 1 }),
  );
  const wanted = escapeMarkup(clip(text, 80));
  if (leads.length === 0) {
    const own = may(asked.staff.role, 'lead.see_all') ? '' : ' among your leads';
    return { text: `Nobody found for “${wanted}”${own}. Try a part of the name, the car or the number.` };
  }
  const page = leads.slice(0, PAGE);
  const more = leads.length > PAGE ? [context(`Only the newest ${PAGE} are shown. Add a word to narrow it down.`)] : [];
  return shown(deps, asked, `${plural(page.length, 'lead')} for “${wanted}”`, page, more);
}

async function shown(
  deps: LeadCommandDeps,
  asked: Asked,
  heading: string,
  leads: readonly LeadSummary[],
  more: object[],
): Promise<Answer> {
  const view: ListContext = {
    playbooks: deps.playbooks,
    staff: await deps.staff.list(asked.tenant.id),
    reader: asked.staff,
    times: timesOf(asked, deps.clock.now()),
  };
  return {
    text: [`${heading}:`, ...leads.map((lead) => leadLine(lead, view))].join('\n'),
    blocks: [section(`*${heading}*`), ...leads.map((lead) => leadRow(lead, view)), ...more],
  };
}
