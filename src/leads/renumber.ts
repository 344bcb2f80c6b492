import type { Tx } from '../db/index.ts';
import type { LeadId, PersonId } from '../lib/ids.ts';
import type { Playbooks } from '../tenants/index.ts';
import type { Enriched } from './enrich/index.ts';
import { searchable, termsOf } from './terms.ts';

const LEADS_OF = `select l.id, l.playbook, l.fields, l.enriched, p.name,
    array(select a.value from addresses a where a.person_id = p.id order by a.created_at) as addresses
  from leads l join persons p on p.id = l.person_id where l.person_id = $1`;

/** Writes the search terms of a person's leads anew: their number has changed, or what is known of them. */
export async function renumber(tx: Tx, playbooks: Playbooks, personId: PersonId): Promise<void> {
  // leads_person
  const leads = await tx.query<{
    id: LeadId;
    playbook: string;
    fields: Record<string, string>;
    enriched: Enriched;
    name: string;
    addresses: string[];
  }>(LEADS_OF, [personId]);
  const terms = leads.flatMap(({ id, playbook, fields, enriched, name, addresses }) => {
    const facts = searchable(playbooks.get(playbook), { ...enriched.found, ...fields });
    return termsOf({ name, addresses, facts }).map((term) => ({ id, term }));
  });
  await tx.query('delete from lead_terms where tenant_id = $1 and lead_id = any($2::uuid[])', [
    tx.tenantId,
    leads.map((lead) => lead.id),
  ]);
  await tx.query(
    `insert into lead_terms (tenant_id, term, lead_id) select $1, t.term, t.id from unnest($2::uuid[], $3::text[]) as t(id, term)`,
    [tx.tenantId, terms.map(({ id }) => id), terms.map(({ term }) => term)],
  );
}
