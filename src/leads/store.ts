import type { Rows, Tx } from '../db/index.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';
import type { OpenStage } from '../tenants/index.ts';
import { addressOf } from './address-sql.ts';
import type { Enriched } from './enrich/index.ts';
import { asPicked, type LeadFilter, type LeadPlace, pickLeads } from './filter.ts';

const INSERT: Rows = {
  name: 'leads-insert',
  depth: 2,
  text: `with lead as (
      insert into leads
        (id, tenant_id, person_id, playbook, stage, fields, owner_id, source, source_key, captured_at, stage_at, enriched)
      select l.id, $1, l.person_id, l.playbook, l.stage, l.fields, l.owner_id, l.source, l.source_key, l.at, l.at, l.enriched
      from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::jsonb[], $7::uuid[], $8::text[], $9::text[],
        $10::timestamptz[], $11::jsonb[])
        as l(id, person_id, playbook, stage, fields, owner_id, source, source_key, at, enriched))
    insert into lead_terms (tenant_id, term, lead_id)
    select $1, t.term, t.lead_id from unnest($12::text[], $13::uuid[]) as t(term, lead_id)`,
};

/** Stores a new lead with its search terms. */
export async function insertLead(
  tx: Tx,
  lead: {
    id: LeadId;
    personId: PersonId;
    playbook: string;
    stage: string;
    fields: Record<string, string>;
    enriched: Enriched;
    ownerId: StaffId | null;
    source: string;
    sourceKey: string;
    terms: string[];
    now: Date;
  },
): Promise<void> {
  await tx.writeRows(INSERT, [
    [lead.id],
    [lead.personId],
    [lead.playbook],
    [lead.stage],
    [JSON.stringify(lead.fields)],
    [lead.ownerId],
    [lead.source],
    [lead.sourceKey],
    [lead.now],
    [JSON.stringify(lead.enriched)],
    lead.terms,
    lead.terms.map(() => lead.id),
  ]);
}

/** A lead as lists and headings show it. */
export interface LeadSummary {
  id: LeadId;
  personId: PersonId;
  name: string;
  phone: string | null;
  playbook: string;
  stage: string;
  fields: Record<string, string>;
  ownerId: StaffId | null;
  /** Who stands in for the owner right now. */
  coverId: StaffId | null;
  /** Its owner logged it: it did not come in by itself, and nobody gave it on. */
  loggedByOwner: boolean;
  capturedAt: Date;
  state: string | null; // of the newest enrolment
  nextAt: Date | null;
  optedOutAt: Date | null;
}

const SUMMARY = `select l.id, l.person_id as "personId", p.name, p.opted_out_at as "optedOutAt", l.playbook, l.stage, l.fields,
    l.owner_id as "ownerId", (select o.covered_by from staff o where o.id = l.owner_id) as "coverId", l.captured_at as "capturedAt",
    -- events_lead
    l.source = 'slack' and not exists (select from events e
      where e.lead_id = l.id and e.type = 'lead.amended' and e.data ? 'staffId') as "loggedByOwner",
    ${addressOf('phone', 'l.person_id')} as phone,
    (select e.state from enrolments e where e.lead_id = l.id order by e.started_at desc limit 1) as state,
    (select min(m.due_at) from messages m where m.person_id = l.person_id and m.lead_id = l.id and m.state = 'scheduled') as "nextAt"
  from leads l join persons p on p.id = l.person_id and p.erased_at is null`;

/** Open leads that nobody looks after, newest first (leads_owner). `open` are the stages in which a lead is open. */
export async function unownedLeads(tx: Tx, open: readonly OpenStage[], limit: number): Promise<LeadSummary[]> {
  return tx.query<LeadSummary>(
    `${SUMMARY} where l.tenant_id = $1 and l.owner_id is null
       and (l.playbook, l.stage) in (select playbook, stage from unnest($2::text[], $3::text[]) as o(playbook, stage))
     order by l.id desc limit $4`,
    [tx.tenantId, open.map(({ playbook }) => playbook), open.map(({ stage }) => stage), limit],
  );
}

/**
 * Leads that fit every filter, newest first, from `before` on backwards; the same filters as `findLeads`. `ownerId` narrows them to
 * those that somebody looks after.
 */
export async function listLeads(
  tx: Tx,
  { ownerId, before, limit, ...filter }: LeadFilter & { before?: LeadPlace | undefined; limit: number },
): Promise<LeadSummary[]> {
  const ids = await pickLeads(tx, { ...filter, lookedAfterBy: ownerId }, { after: before, limit });
  const leads = await tx.query<LeadSummary>({ name: 'leads-list', text: `${SUMMARY} where l.id = any($1::uuid[])` }, [
    ids,
  ]);
  return asPicked(ids, leads);
}

/** Leads that match every word, by prefix; without words none. */
export const searchLeads = async (
  tx: Tx,
  words: readonly string[],
  options: { ownerId?: StaffId; limit: number },
): Promise<LeadSummary[]> => (words.length === 0 ? [] : listLeads(tx, { ...options, words }));

export async function findLead(tx: Tx, id: LeadId): Promise<LeadSummary | undefined> {
  const [lead] = await tx.query<LeadSummary>(`${SUMMARY} where l.id = $1`, [id]);
  return lead;
}

/**
 * Moves a lead to a stage when the playbook allows it from where it stands; null when it does not (or the lead stands
 * there already).
 */
export async function moveStage(
  tx: Tx,
  id: LeadId,
  allowedFrom: string[],
  to: string,
  now: Date,
): Promise<{ from: string } | null> {
  const [moved] = await tx.query<{ from: string }>(
    `update leads l set stage = $3, stage_at = $4 from (select id, stage from leads where id = $1 for update) old
     where l.id = old.id and old.stage = any($2::text[]) returning old.stage as "from"`,
    [id, allowedFrom, to, now],
  );
  return moved ?? null;
}

/** The lead a person's message is about: the one being followed up, else the newest. */
export async function currentLead(
  tx: Tx,
  personId: PersonId,
): Promise<{ id: LeadId; playbook: string; ownerId: StaffId | null } | undefined> {
  const [lead] = await tx.query<{ id: LeadId; playbook: string; ownerId: StaffId | null }>(
    {
      name: 'leads-current',
      text: `select l.id, l.playbook, l.owner_id as "ownerId" from leads l where l.person_id = $1
        order by exists (select from enrolments e where e.lead_id = l.id and e.state in ('active', 'paused')) desc, l.id desc
        limit 1`,
    },
    [personId],
  );
  return lead;
}
