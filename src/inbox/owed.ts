import type { Tx } from '../db/index.ts';
import type { LeadId, MessageId, PersonId, StaffId } from '../lib/ids.ts';

/** An answer that is owed, as lists show it. */
export interface Owed {
  leadId: LeadId;
  personId: PersonId;
  name: string;
  playbook: string;
  fields: Record<string, string>;
  ownerId: StaffId | null;
  takenBy: StaffId | null;
  /** Who owes the answer: whoever took over, else the owner; while they are away, who stands in for them. */
  owesId: StaffId | null;
  lastInboundId: MessageId;
  unread: number;
  since: Date;
  /** When the managers heard of it. */
  escalatedAt: Date | null;
}

const OWED = {
  name: 'conversations-owed-list',
  // conversations_tenant
  text: `select c.lead_id as "leadId", c.person_id as "personId", p.name, l.playbook, l.fields, l.owner_id as "ownerId",
      c.taken_by as "takenBy", coalesce(s.covered_by, s.id) as "owesId", c.last_inbound_id as "lastInboundId", c.unread, c.owed_since as since,
      c.escalated_at as "escalatedAt", count(*) over () as total
    from conversations c join leads l on l.id = c.lead_id join persons p on p.id = c.person_id
      left join staff s on s.id = coalesce(c.taken_by, l.owner_id)
    where c.tenant_id = $1 and c.owed_since is not null and p.opted_out_at is null
      and ($2::uuid is null or coalesce(s.covered_by, s.id) = $2)
    order by c.owed_since, c.person_id limit $3`,
};

/**
 * Answers that are owed, the longest first, and how many there are in all. `by` narrows them to what one person owes:
 * whoever took the conversation over, else the lead's owner, and those for whom they stand in.
 */
export async function owedAnswers(
  tx: Tx,
  options: { by?: StaffId; limit: number },
): Promise<{ owed: Owed[]; total: number }> {
  const owed = await tx.query<Owed & { total: number }>(OWED, [tx.tenantId, options.by ?? null, options.limit]);
  return { owed, total: owed[0]?.total ?? 0 };
}
