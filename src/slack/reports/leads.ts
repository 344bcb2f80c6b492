import { findLead, type LeadSummary } from '../../leads/index.ts';
import { isId, type LeadId } from '../../lib/ids.ts';
import { type ListPlace, MILESTONES, type Milestone, readLeadsBehind } from '../../reports/index.ts';
import { type ListContext, leadLine, leadRow, timesOf } from '../commands/list.ts';
import type { Answer, Asked } from '../feature.ts';
import { buttons, section } from '../views.ts';
import { ownerOf, wantedFrom } from './ask.ts';
import type { ReportDeps } from './deps.ts';
import { leadsName } from './lines.ts';
import { LEADS } from './view.ts';

const PAGE = 10;

const HEADINGS: Record<Exclude<Milestone, 'captured'>, string> = {
  replies: 'Replied for the first time',
  won: 'Won',
  lost: 'Lost',
  recovered: 'Won after a follow-up had brought them back',
};

/** The leads behind a number: `<scope>|<period>|<milestone>`, and from where on: `|<day>|<lead id>`. */
export async function leadsBehind(deps: ReportDeps, asked: Asked, value: string): Promise<Answer> {
  const [scope = '', key = '', name = '', day = '', leadId = ''] = value.split('|');
  const milestone = MILESTONES.find((each) => each === name) ?? 'captured';
  const now = deps.clock.now();
  const wanted = wantedFrom(asked, `${scope}|${key}`, now);
  const after = /^\d{4}-\d\d-\d\d$/.test(day) && isId(leadId) ? { day, leadId: leadId as LeadId } : null;
  const { places, leads } = await deps.db.inTenant(asked.tenant.id, async (tx) => {
    const options = { owner: ownerOf(wanted), days: wanted.period, after, limit: PAGE + 1 };
    const places = await readLeadsBehind(tx, milestone, options);
    const leads: LeadSummary[] = [];
    for (const place of places.slice(0, PAGE)) {
      const lead = await findLead(tx, place.leadId);
      if (lead) leads.push(lead);
    }
    return { places, leads };
  });
  if (leads.length === 0) return { text: after ? 'Those were all.' : 'There are no such leads (any more).' };
  const view: ListContext = {
    playbooks: deps.playbooks,
    staff: await deps.staff.list(asked.tenant.id),
    reader: asked.staff,
    times: timesOf(asked, now),
  };
  const what = milestone === 'captured' ? `${leadsName(deps.playbooks)} logged` : HEADINGS[milestone];
  const heading = `${what}, ${wanted.period.title}`;
  return {
    text: [`${heading}:`, ...leads.map((lead) => leadLine(lead, view))].join('\n'),
    blocks: [
      section(`*${heading}*`),
      ...leads.map((lead) => leadRow(lead, view)),
      ...more(places, `${scope}|${key}|${milestone}`),
    ],
  };
}

function more(places: readonly ListPlace[], value: string): object[] {
  const last = places.length > PAGE ? places[PAGE - 1] : undefined;
  return last ? buttons({ text: 'Show more', actionId: LEADS, value: `${value}|${last.day}|${last.leadId}` }) : [];
}
