import type { Tx } from '../db/index.ts';
import { searchLeads } from '../leads/index.ts';
import { isId, type LeadId, type PersonId } from '../lib/ids.ts';

export interface FoundPerson {
  personId: PersonId;
  name: string;
  /** E.164. */
  phone: string | null;
  /** The newest of the leads that fit, to be told apart by; null for somebody who only wrote. */
  lead: { id: LeadId; playbook: string; fields: Record<string, string> } | null;
}

const FOUND = `select p.id as "personId", p.name,
    (select a.value from addresses a where a.person_id = p.id and a.kind = 'phone' order by a.created_at limit 1) as phone,
    (select jsonb_build_object('id', l.id, 'playbook', l.playbook, 'fields', l.fields) from leads l
      where l.person_id = p.id order by l.id desc limit 1) as lead
  from persons p where p.erased_at is null`;

/**
 * The people that words are about: by a lead that fits all of them, by an address, or by an id of a person or a lead.
 * Each once, those with the newest leads first; also people who wrote and have no lead.
 */
export async function findPeople(
  tx: Tx,
  query: { text: string; words: string[]; addresses: readonly string[]; limit: number },
): Promise<FoundPerson[]> {
  const { text, words, addresses, limit } = query;
  if (isId(text)) {
    return tx.query<FoundPerson>(
      `${FOUND} and (p.id = $1 or p.id = (select person_id from leads where id = $1)) limit $2`,
      [text, limit],
    );
  }
  // a person may have many leads
  const leads = await searchLeads(tx, words, { limit: limit * 4 });
  const byAddress = await tx.query<FoundPerson>(
    `${FOUND} and p.id in (select person_id from addresses where tenant_id = $1 and kind in ('phone', 'email')
       and value = any($2::text[])) limit $3`,
    [tx.tenantId, addresses, limit],
  );
  const found = leads.map(
    ({ personId, name, phone, id, playbook, fields }): FoundPerson => ({
      personId,
      name,
      phone,
      lead: { id, playbook, fields },
    }),
  );
  return [...new Map([...byAddress, ...found].map((each) => [each.personId, each])).values()].slice(0, limit);
}
