import type { AlertItem } from '../../alerts/index.ts';
import type { Tx } from '../../db/index.ts';
import type { LeadId } from '../../lib/ids.ts';

/** What is said of a lead that an alert is about. */
export interface AlertLead {
  id: LeadId;
  name: string;
  playbook: string;
  fields: Record<string, string>;
  /** Who owes the answer: whoever took over, else whose lead it is; who stands in for them. */
  owes: string | null;
}

/** The leads behind items, by id. */
export async function leadsOf(tx: Tx, items: readonly AlertItem[]): Promise<ReadonlyMap<string, AlertLead>> {
  const ids = items.flatMap(({ leadId }) => leadId ?? []);
  if (ids.length === 0) return new Map();
  const rows = await tx.query<AlertLead>(
    `select l.id, p.name, l.playbook, l.fields, coalesce(v.name, t.name, o.name) as owes
     from leads l join persons p on p.id = l.person_id left join staff o on o.id = l.owner_id
       left join conversations c on c.person_id = l.person_id left join staff t on t.id = c.taken_by
       left join staff v on v.id = coalesce(t.covered_by, o.covered_by)
     where l.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
