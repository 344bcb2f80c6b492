import type { Tx } from '../../db/index.ts';
import type { LeadId } from '../../lib/ids.ts';

/** The photo kept for a lead (assets_lead); undefined while there is none, or when its time was over. */
export async function storedPhoto(tx: Tx, leadId: LeadId): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(`select id from assets where lead_id = $1 and kind = 'licence'`, [
    leadId,
  ]);
  return row?.id;
}
