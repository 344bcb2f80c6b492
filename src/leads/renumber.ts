import type { Tx } from '../db/index.ts';
import type { LeadId, PersonId } from '../lib/ids.ts';
import { termsOf } from './terms.ts';

const LEADS_OF = `select l.id, l.fields, p.name,
    (select a.value from addresses a where a.person_id = p.id and a.kind = 'phone' order by a.created_at limit 1) as phone,
    (select a.value from addresses a where a.person_id = p.id and a.kind = 'email' order by a.created_at limit 1) as email
  from leads l join persons p on p.id = l.person_id where l.person_id = $1`;

/** Writes the search terms of a person's leads anew: their number has changed. */
export async function renumber(tx: Tx, personId: PersonId): Promise<void> {
  // leads_person
  const leads = await tx.query<{
    id: LeadId;
    fields: Record<string, string>;
    name: string;
    phone: string | null;
    email: string | null;
  }>(LEADS_OF, [personId]);
  const terms = leads.flatMap(({ id, fields, name, phone, email }) =>
    termsOf({ name, fields, ...(phone && { phone }), ...(email && { email }) }).map((term) => ({ id, term })),
  );
  await tx.query('delete from lead_terms where tenant_id = $1 and lead_id = any($2::uuid[])', [
    tx.tenantId,
    leads.map((lead) => lead.id),
  ]);
  await tx.query(
    `insert into lead_terms (tenant_id, term, lead_id) select $1, t.term, t.id from unnest($2::uuid[], $3::text[]) as t(id, term)`,
    [tx.tenantId, terms.map(({ id }) => id), terms.map(({ term }) => term)],
  );
}
