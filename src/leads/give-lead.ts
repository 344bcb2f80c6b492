import type { Tx } from '../db/index.ts';
import { type Actor, append, request } from '../events/index.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';

/**
 * Gives a lead of a locked person to somebody of the staff, or to nobody: its messages that have not left yet are signed
 * by them, and a conversation that the one before had taken over is theirs. `quiet`: its thread says nothing of it.
 */
export async function giveLead(
  tx: Tx,
  lead: { id: LeadId; personId: PersonId; ownerId: StaffId | null },
  given: { to: StaffId | null; actor: Actor; now: Date; quiet?: boolean },
): Promise<void> {
  const { to, actor, now, quiet = false } = given;
  const ids = { leadId: lead.id, personId: lead.personId };
  const found = await tx.query(
    'update leads set owner_id = $2 where id = $1 and owner_id is not distinct from $3 returning id',
    [lead.id, to, lead.ownerId],
  );
  if (found.length === 0) return; // it was read before the person was locked, and somebody was faster
  if (to !== null && lead.ownerId !== null) {
    await tx.query('update conversations set taken_by = $3, taken_at = $4 where person_id = $1 and taken_by = $2', [
      lead.personId,
      lead.ownerId,
      to,
      now,
    ]);
  }
  await append(tx, tx.tenantId, now, actor, [
    { type: 'lead.amended', ...ids, data: { changed: ['owner'], ...(to !== null && { staffId: to }) } },
  ]);
  await request(tx, tx.tenantId, [
    { kind: 'lead.given', key: lead.id, data: { by: actor, quiet } },
    { kind: 'card.refresh', key: lead.id },
  ]);
}
