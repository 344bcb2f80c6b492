import type { Tx } from '../db/index.ts';
import type { StaffId } from '../lib/ids.ts';
import type { Settings } from '../tenants/index.ts';

/**
 * Whose an enquiry is that nobody logged. In turn: the salesperson who has waited longest for a lead, of whatever door;
 * who is away and has somebody standing in is left out, who is busy just now comes last. Two enquiries of the same instant
 * may both go to one, and the next ones make up for it.
 */
export async function nextOwner(tx: Tx, whose: Settings['newLeads'], now: Date): Promise<StaffId | null> {
  if (whose === 'nobody') return null;
  const [next] = await tx.query<{ id: StaffId }>(
    // busy_times_staff; leads_owner, whose ids are ordered by time
    `select s.id from staff s
     where s.tenant_id = $1 and s.role = 'salesperson' and s.covered_by is null
     order by exists (select from busy_times b where b.staff_id = s.id and b.starts_at <= $2 and b.ends_at > $2),
       (select l.id from leads l where l.tenant_id = $1 and l.owner_id = s.id order by l.id desc limit 1) nulls first, s.id
     limit 1`,
    [tx.tenantId, now],
  );
  return next?.id ?? null;
}
