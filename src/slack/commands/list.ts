import type { LeadSummary } from '../../leads/index.ts';
import type { Playbooks, Staff } from '../../tenants/index.ts';
import { bold, inline, takeLeadButton } from '../card/index.ts';
import type { Asked } from '../feature.ts';
import { capital, knownZone, type Times, timesFor } from '../format.ts';
import { button, section } from '../views.ts';

/** What a list of leads is written with. */
export interface ListContext {
  playbooks: Playbooks;
  staff: readonly Staff[];
  /** Who reads it. */
  reader: Staff;
  times: Times;
}

export function timesOf(asked: Asked, now: Date): Times {
  const { staff, tenant } = asked;
  return timesFor({ zone: knownZone(staff.zone, tenant.zone), country: tenant.country, now });
}

/** A lead with a button to its card. */
export function leadRow(lead: LeadSummary, context: ListContext): object {
  const open = button({ text: 'Open', actionId: 'lead_open', value: lead.id });
  return section(`${headOf(lead, context)}\n${stateOf(lead, context)}`, open);
}

/** A lead that nobody looks after: enough of it to take it. */
export function unownedRow(lead: LeadSummary, context: Pick<ListContext, 'times'>): object {
  const car = lead.fields.car ? ` · ${inline(lead.fields.car)}` : '';
  return section(`${bold(lead.name)}${car} · came in ${context.times.full(lead.capturedAt)}`, takeLeadButton(lead.id));
}

/** The same for clients that show no blocks. */
export const leadLine = (lead: LeadSummary, context: ListContext): string =>
  `${inline(lead.name)}: ${stateOf(lead, context)}`;

function headOf(lead: LeadSummary, { staff, reader, times }: ListContext): string {
  const owner = staff.find((each) => each.id === lead.ownerId);
  const own = owner?.id === reader.id;
  const who = owner && (own ? 'you' : inline(owner.name));
  const by = who && lead.loggedByOwner ? ` by ${who}` : '';
  const after = who && !lead.loggedByOwner ? ` · ${who} ${own ? 'look' : 'looks'} after it` : '';
  const car = lead.fields.car ? ` · ${inline(lead.fields.car)}` : '';
  return `${bold(lead.name)}${car} · logged${by} ${times.full(lead.capturedAt)}${after}`;
}

/** `Contacted · next message Mon 23 Nov 10:00`. */
function stateOf(lead: LeadSummary, { playbooks, times }: ListContext): string {
  if (lead.optedOutAt) return `Opted out ${times.full(lead.optedOutAt)}`;
  const stage = playbooks.all
    .find((playbook) => playbook.key === lead.playbook)
    ?.pipeline.stages.find((each) => each.key === lead.stage);
  const parts = [stage?.label ?? capital(lead.stage)];
  if (lead.state === 'paused') parts.push('follow-up paused');
  if (lead.state === 'completed') parts.push('follow-up complete');
  if (lead.nextAt) parts.push(`next message ${times.full(lead.nextAt)}`);
  return parts.join(' · ');
}
