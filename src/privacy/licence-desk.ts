import type { Database, Tx } from '../db/index.ts';
import { append, request } from '../events/index.ts';
import { findLead, type LeadSummary } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { LeadId } from '../lib/ids.ts';
import { demand, maySeeLead, type Staff } from '../tenants/index.ts';
import { dropBlobs } from './blobs.ts';
import { insertPrivateLink } from './private-links.ts';
import { missing, shown } from './vault.ts';
import { assetOf, assetsAtRest, deleteAssets } from './vault-store.ts';

/** What staff may do with licence photos. Salespeople may with their own leads', managers and admins with all. */
export interface LicenceDesk {
  /** A link for `/l/:token` that shows a lead's photo once. Throws `forbidden`, or `not_found` without a photo. */
  link(staff: Staff, leadId: LeadId): Promise<{ token: string; customer: string }>;
  /** Deletes a lead's photo now, also while its follow-up runs. Returns the customer's name. Throws as `link` does. */
  remove(staff: Staff, leadId: LeadId): Promise<string>;
  /** Deletes all photos of leads that are not followed up any more. Returns how many. Throws `forbidden`. */
  removeAtRest(staff: Staff): Promise<number>;
}

const BATCH = 200;

export function createLicenceDesk(deps: { db: Database; clock: Clock }): LicenceDesk {
  const { db, clock } = deps;

  async function photoOf(tx: Tx, staff: Staff, leadId: LeadId): Promise<{ lead: LeadSummary; assetId: string }> {
    const lead = await findLead(tx, leadId);
    if (!lead) throw missing('lead');
    if (!maySeeLead(staff, lead)) {
      const words = 'This lead belongs to a colleague. Managers and admins may see its photo.';
      throw new KnownError('forbidden', 'somebody else’s lead', words);
    }
    const assetId = await assetOf(tx, leadId);
    if (!assetId) throw missing('photo');
    return { lead, assetId };
  }

  async function drop(tx: Tx, staff: Staff, assetIds: readonly string[]): Promise<number> {
    const gone = await deleteAssets(tx, assetIds);
    await append(
      tx,
      tx.tenantId,
      clock.now(),
      `staff:${staff.id}`,
      gone.map(({ assetId, leadId }) => ({ type: 'licence.deleted', leadId, data: { assetId, why: 'asked' } })),
    );
    await dropBlobs(
      tx,
      tx.tenantId,
      gone.map(({ assetId }) => assetId),
    );
    await request(
      tx,
      tx.tenantId,
      gone.flatMap(({ leadId }) => shown(leadId)),
    );
    return gone.length;
  }

  return {
    async link(staff, leadId) {
      demand(staff, 'licence.see');
      return db.inTenant(staff.tenantId, async (tx) => {
        const { lead, assetId } = await photoOf(tx, staff, leadId);
        const link = { kind: 'licence', subjectId: assetId, personId: lead.personId, staffId: staff.id } as const;
        return { token: await insertPrivateLink(tx, link, clock.now()), customer: lead.name };
      });
    },
    async remove(staff, leadId) {
      demand(staff, 'licence.delete');
      return db.inTenant(staff.tenantId, async (tx) => {
        const { lead, assetId } = await photoOf(tx, staff, leadId);
        if ((await drop(tx, staff, [assetId])) === 0) throw missing('photo');
        return lead.name;
      });
    },
    async removeAtRest(staff) {
      demand(staff, 'privacy.change');
      for (let total = 0; ; ) {
        const gone = await db.inTenant(staff.tenantId, async (tx) => drop(tx, staff, await assetsAtRest(tx, BATCH)));
        total += gone;
        if (gone < BATCH) return total;
      }
    },
  };
}
