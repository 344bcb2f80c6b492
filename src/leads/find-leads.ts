import type { Tx } from '../db/index.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';
import { addressOf } from './address-sql.ts';

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

export interface LeadFilter {
  stages?: readonly string[] | undefined;
  playbooks?: readonly string[] | undefined;
  /** Folded; every one must match the beginning of a term. */
  words?: readonly string[] | undefined;
  /** Captured at or after, and before. */
  from?: Date | undefined;
  to?: Date | undefined;
  ownerId?: StaffId | undefined;
  source?: string | undefined;
  hasEmail?: boolean | undefined;
  hasPhone?: boolean | undefined;
  qualified?: boolean | undefined;
  minScore?: number | undefined;
  maxScore?: number | undefined;
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

/**
 * Leads that fit every filter, newest first, after the lead `after`. Words are compared as plain text with a beginning
 * and an end: under row-level security only leakproof comparisons may use an index (primary key of lead_terms), which
 * `like`, `lower()` and text search are not.
 */
export async function findLeads(
  tx: Tx,
  filter: LeadFilter,
  page: { after?: LeadId | undefined; limit: number },
): Promise<LeadDetail[]> {
  const values: unknown[] = [tx.tenantId];
  const where = ['l.tenant_id = $1'];
  const add = (sql: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(`$${values.length}`));
  };
  const has = (sql: string, wanted: boolean | undefined) => {
    if (wanted !== undefined) where.push(`${wanted ? '' : 'not '}exists (${sql})`);
  };
  add((place) => `l.id < ${place}`, page.after); // leads_recent
  add((place) => `l.stage = any(${place}::text[])`, filter.stages); // leads_stage
  add((place) => `l.playbook = any(${place}::text[])`, filter.playbooks); // leads_playbook
  add((place) => `l.captured_at >= ${place}`, filter.from); // leads_captured
  add((place) => `l.captured_at < ${place}`, filter.to);
  add((place) => `l.owner_id = ${place}`, filter.ownerId); // leads_owner
  add((place) => `l.source = ${place}`, filter.source);
  has(`select from addresses a where a.person_id = l.person_id and a.kind = 'email'`, filter.hasEmail); // addresses_person
  has(`select from addresses a where a.person_id = l.person_id and a.kind = 'phone'`, filter.hasPhone);
  if (filter.qualified !== undefined) where.push(`l.qualified is ${filter.qualified ? '' : 'not '}true`); // leads_qualified
  add((place) => `s.points >= ${place}`, filter.minScore); // scores_points
  add((place) => `s.points <= ${place}`, filter.maxScore);
  for (const word of filter.words ?? []) {
    add(
      (place) =>
        `l.id in (select lead_id from lead_terms where tenant_id = $1 and term >= ${place} and term < ${place} || chr(1114111))`,
      word,
    );
  }
  values.push(page.limit);
  return tx.query<LeadDetail>(
    `${DETAIL} where ${where.join(' and ')} order by l.id desc limit $${values.length}`,
    values,
  );
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
