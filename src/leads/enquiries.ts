import type { Tx } from '../db/index.ts';
import { type LeadId, newId, type PersonId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import type { Playbook } from '../tenants/index.ts';
import type { Enriched } from './enrich/index.ts';
import type { Enquiry } from './merge.ts';

/** Stages in which a lead is still worked on: a further enquiry belongs to it. */
export const openStages = ({ pipeline }: Pick<Playbook, 'pipeline'>): string[] =>
  pipeline.stages.filter(({ ends }) => ends !== 'converted' && ends !== 'closed').map(({ key }) => key);

/** A lead that a further enquiry belongs to. */
export interface OpenLead {
  id: LeadId;
  fields: Record<string, string>;
  enriched: Enriched;
  source: string;
  sourceKey: string;
  capturedAt: Date;
}

/** The newest lead of a locked person in a playbook that stands in one of these stages. */
export async function openLead(
  tx: Tx,
  personId: PersonId,
  playbook: string,
  stages: readonly string[],
): Promise<OpenLead | undefined> {
  const [lead] = await tx.query<OpenLead>(
    // leads_person
    `select id, fields, enriched, source, source_key as "sourceKey", captured_at as "capturedAt" from leads
     where person_id = $1 and playbook = $2 and stage = any($3::text[]) order by id desc limit 1 for update`,
    [personId, playbook, stages],
  );
  return lead;
}

const placeOf = (tx: Tx, id: string) => `${tx.tenantId}/enquiries/${id}`;
const claimsOf = (tx: Tx, id: string) => `${placeOf(tx, id)}/claimed`;

/** Keeps an enquiry of a lead, with what it claims besides; the same one again changes nothing. */
export async function keepEnquiry(
  tx: Tx,
  dataKey: Buffer,
  leadId: LeadId,
  enquiry: { source: string; sourceKey: string; fields: Record<string, string>; receivedAt: Date },
  claimed: readonly { value: string }[] = [],
): Promise<void> {
  const id = newId();
  const claims = claimed.map(({ value }) => value);
  await tx.query(
    `insert into enquiries (id, tenant_id, lead_id, source, source_key, facts, received_at, claimed)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, source, source_key) do nothing`,
    [
      id,
      tx.tenantId,
      leadId,
      enquiry.source,
      enquiry.sourceKey,
      seal(dataKey, placeOf(tx, id), JSON.stringify(enquiry.fields)),
      enquiry.receivedAt,
      claims.length > 0 ? seal(dataKey, claimsOf(tx, id), JSON.stringify(claims)) : null,
    ],
  );
}

/** When the newest enquiry of those that were kept of a lead came in. */
export async function lastEnquiryAt(tx: Tx, leadId: LeadId): Promise<Date> {
  const [row] = await tx.query<{ at: Date | null }>(
    'select max(received_at) as at from enquiries where lead_id = $1', // enquiries_lead
    [leadId],
  );
  return row?.at ?? new Date(0);
}

/** Every enquiry that was kept of a lead, oldest first. */
export async function enquiriesOf(tx: Tx, dataKey: Buffer, leadId: LeadId): Promise<Enquiry[]> {
  const rows = await tx.query<{
    id: string;
    source: string;
    sourceKey: string;
    facts: Buffer;
    receivedAt: Date;
    claimed: Buffer | null;
  }>(
    // enquiries_lead
    `select id, source, source_key as "sourceKey", facts, received_at as "receivedAt", claimed from enquiries
     where lead_id = $1 order by received_at, id`,
    [leadId],
  );
  return rows.map(({ id, source, sourceKey, facts, receivedAt, claimed }) => ({
    key: `${source}/${sourceKey}`,
    receivedAt,
    fields: JSON.parse(open(dataKey, placeOf(tx, id), facts).toString('utf8')),
    ...(claimed && { claimed: JSON.parse(open(dataKey, claimsOf(tx, id), claimed).toString('utf8')) }),
  }));
}

/** The lead that an enquiry made, or was merged into, when it came before. */
export async function sameEnquiry(
  tx: Tx,
  source: string,
  sourceKey: string,
): Promise<{ leadId: LeadId; personId: PersonId } | undefined> {
  const [row] = await tx.query<{ leadId: LeadId; personId: PersonId }>(
    {
      name: 'leads-same-enquiry',
      text: `select id as "leadId", person_id as "personId" from leads
        where tenant_id = $1 and source = $2 and source_key = $3
        union all
        select l.id, l.person_id from enquiries q join leads l on l.id = q.lead_id
        where q.tenant_id = $1 and q.source = $2 and q.source_key = $3 limit 1`,
    },
    [tx.tenantId, source, sourceKey],
  );
  return row;
}
