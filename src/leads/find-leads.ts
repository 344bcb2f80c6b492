import type { Tx } from '../db/index.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';
import { addressOf } from './address-sql.ts';
import { asPicked, type LeadFilter, type LeadPlace, pickLeads } from './filter.ts';

/** A lead with everything that programs ask about it. */
export interface LeadDetail {
  id: LeadId;
  personId: PersonId;
  name: string;
  language: string;
  zone: string;
  phone: string | null;
  email: string | null;
  playbook: string;
  stage: string;
  stageAt: Date;
  fields: Record<string, string>;
  ownerId: StaffId | null;
  source: string;
  sourceKey: string;
  capturedAt: Date;
  optedOutAt: Date | null;
  qualified: boolean | null;
  /** Null where leads are not scored. */
  score: number | null;
  band: string | null;
  /** In the tenant's currency, once it was said. */
  value: number | null;
  /** Of the newest enrolment. */
  followUp: string | null;
  nextAt: Date | null;
}

const DETAIL = `select l.id, l.person_id as "personId", p.name, p.language, p.zone, p.opted_out_at as "optedOutAt", l.playbook,
    l.stage, l.stage_at as "stageAt", l.fields, l.owner_id as "ownerId", l.source, l.source_key as "sourceKey",
    l.captured_at as "capturedAt", ${addressOf('phone', 'l.person_id')} as phone, ${addressOf('email', 'l.person_id')} as email,
    s.points as score, s.band, l.deal_value::float8 as value,
    l.qualified,
    (select e.state from enrolments e where e.lead_id = l.id order by e.started_at desc limit 1) as "followUp",
    (select min(m.due_at) from messages m where m.person_id = l.person_id and m.lead_id = l.id and m.state = 'scheduled') as "nextAt"
  from leads l join persons p on p.id = l.person_id and p.erased_at is null
    left join scores s on s.lead_id = l.id`;

/** Leads that fit every filter, newest first, after the place `after`. */
export async function findLeads(
  tx: Tx,
  filter: LeadFilter,
  page: { after?: LeadPlace | undefined; limit: number },
): Promise<LeadDetail[]> {
  const ids = await pickLeads(tx, filter, page);
  const leads = await tx.query<LeadDetail>({ name: 'leads-details', text: `${DETAIL} where l.id = any($1::uuid[])` }, [
    ids,
  ]);
  return asPicked(ids, leads);
}

/** One lead; undefined when there is none (any more). */
export async function readLead(tx: Tx, id: LeadId): Promise<LeadDetail | undefined> {
  const [lead] = await tx.query<LeadDetail>({ name: 'leads-detail', text: `${DETAIL} where l.id = $1` }, [id]);
  return lead;
}

/** The newest lead that an enquiry with this id made, or was merged into, at any of these doors; undefined when there is none. */
export async function readLeadBySourceKey(
  tx: Tx,
  sources: readonly string[],
  sourceKey: string,
): Promise<LeadDetail | undefined> {
  const [lead] = await tx.query<LeadDetail>(
    // leads_source_key, the unique key of enquiries
    `${DETAIL} where l.tenant_id = $1 and l.id in (
        select id from leads where tenant_id = $1 and source = any($2::text[]) and source_key = $3
        union select lead_id from enquiries where tenant_id = $1 and source = any($2::text[]) and source_key = $3)
      order by l.id desc limit 1`,
    [tx.tenantId, sources, sourceKey],
  );
  return lead;
}
