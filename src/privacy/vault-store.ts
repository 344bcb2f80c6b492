import type { Sql, Tx } from '../db/index.ts';
import type { LeadId, PersonId, TenantId } from '../lib/ids.ts';
import type { CutOffs } from './retention.ts';

/** What became of the photo's original, where it was sent. */
export type Original = 'none' | 'present' | 'deleted' | 'asked';

export interface AssetRow {
  mime: string;
  /** Sealed; null: in an object store. */
  content: Buffer | null;
  /** Where it was written to there. */
  bucket: string | null;
}

/** Locks the lead, so that two photos of it come one after the other; undefined when this tenant has no such lead. */
export async function lockLead(tx: Tx, leadId: LeadId): Promise<{ personId: PersonId } | undefined> {
  const [lead] = await tx.query<{ personId: PersonId }>(
    // rows that point to the lead may still be added meanwhile; an erased person's lead takes nothing any more
    `select l.person_id as "personId" from leads l join persons p on p.id = l.person_id
     where l.id = $1 and p.erased_at is null for no key update of l`,
    [leadId],
  );
  return lead;
}

/** The lead's photo, when there is one (assets_lead). */
export async function assetOf(tx: Tx, leadId: LeadId): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(`select id from assets where lead_id = $1 and kind = 'licence'`, [
    leadId,
  ]);
  return row?.id;
}

export async function insertAsset(
  tx: Tx,
  asset: { id: string; leadId: LeadId; mime: string; content: Buffer | null; original: Original; now: Date },
): Promise<void> {
  await tx.query(
    `insert into assets (id, tenant_id, lead_id, kind, mime, content, original, created_at)
     values ($1, $2, $3, 'licence', $4, $5, $6, $7)`,
    [asset.id, tx.tenantId, asset.leadId, asset.mime, asset.content, asset.original, asset.now],
  );
}

export async function readAsset(tx: Tx, assetId: string): Promise<AssetRow | undefined> {
  const [row] = await tx.query<AssetRow>(
    'select a.mime, a.content, b.bucket from assets a left join blobs b on b.id = a.id where a.id = $1',
    [assetId],
  );
  return row;
}

/** Notes what became of the original; undefined when that was noted before, or the photo is gone. */
export async function noteOriginal(tx: Tx, assetId: string, outcome: Original): Promise<LeadId | undefined> {
  const [row] = await tx.query<{ leadId: LeadId }>(
    `update assets set original = $2 where id = $1 and original not in ($2, 'deleted') returning lead_id as "leadId"`,
    [assetId, outcome],
  );
  return row?.leadId;
}

export interface Purged {
  assetId: string;
  tenantId: TenantId;
  leadId: LeadId;
}

/** Deletes these photos of the caller's tenant; returns those that were there. */
export async function deleteAssets(tx: Tx, assetIds: readonly string[]): Promise<Purged[]> {
  return tx.query<Purged>(
    `delete from assets where id = any($1::uuid[])
     returning id as "assetId", tenant_id as "tenantId", lead_id as "leadId"`,
    [assetIds],
  );
}

/** Photos of leads that are not followed up now, at most `limit`. */
export async function assetsAtRest(tx: Tx, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select a.id from assets a where a.kind = 'licence' and not exists (
       select from enrolments e where e.lead_id = a.lead_id and e.state in ('active', 'paused'))
     order by a.id limit $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** Deletes photos whose time is over, at most `limit`, across tenants; several workers may do so at once. */
export async function deleteDue(sql: Sql, due: CutOffs, limit: number): Promise<Purged[]> {
  return sql.query<Purged>(
    // enrolments_lead; assets are few enough to be walked
    `delete from assets where id = any(array(
       select a.id from assets a join leads l on l.id = a.lead_id
         left join unnest($1::text[], $2::timestamptz[]) as k(playbook, at) on k.playbook = l.playbook
       where a.kind = 'licence' and (a.created_at <= $4 or (
         not exists (select from enrolments e where e.lead_id = l.id and e.state in ('active', 'paused'))
         and coalesce((select max(e.ended_at) from enrolments e where e.lead_id = l.id), a.created_at)
           <= coalesce(k.at, $3)))
       order by a.id limit $5 for update of a skip locked))
     returning id as "assetId", tenant_id as "tenantId", lead_id as "leadId"`,
    [
      due.endedBefore.map((each) => each.playbook),
      due.endedBefore.map((each) => each.at),
      due.otherwise,
      due.storedBefore,
      limit,
    ],
  );
}
