import { createHash, randomBytes } from 'node:crypto';
import type { Sql, Tx } from '../db/index.ts';
import type { LeadId, TenantId } from '../lib/ids.ts';

/*
 * One-time links under which a phone sends a licence photo. The token is random and only its hash is kept: whoever
 * reads the table cannot use a link.
 */

const TOKEN_BYTES = 24;
/** How long a link works, in business time. */
const LIFE_MS = 24 * 60 * 60 * 1000;

/** What an upload link is for, and whether it still works. */
export interface UploadLink {
  tenantId: TenantId;
  leadId: LeadId;
  /** The customer's full name. */
  customer: string;
  state: 'open' | 'used' | 'expired';
}

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** 192 random bits need no salt and no slow hash. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export async function insertLink(tx: Tx, token: string, leadId: LeadId, now: Date): Promise<void> {
  await tx.query('insert into upload_links (token_hash, tenant_id, lead_id, expires_at) values ($1, $2, $3, $4)', [
    hashOf(token),
    tx.tenantId,
    leadId,
    new Date(now.getTime() + LIFE_MS),
  ]);
}

/** Finds a link by its token; undefined for one that we did not make. The tenant is not known before, so: system. */
export async function findLink(sql: Sql, token: string, now: Date): Promise<UploadLink | undefined> {
  const [row] = await sql.query<UploadLink>(
    `select u.tenant_id as "tenantId", u.lead_id as "leadId", p.name as customer,
       case when u.used_at is not null then 'used' when u.expires_at <= $2 then 'expired' else 'open' end as state
     from upload_links u join leads l on l.id = u.lead_id join persons p on p.id = l.person_id
     where u.token_hash = $1`,
    [hashOf(token), now],
  );
  return row;
}

/** Takes the link in the caller's transaction; of two who try at once one gets it. False when it was used or is old. */
export async function takeLink(tx: Tx, token: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    'update upload_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning lead_id',
    [hashOf(token), now],
  );
  return rows.length > 0;
}
