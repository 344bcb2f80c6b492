import type { Sql, Tx } from '../db/index.ts';
import type { PersonId, StaffId, TenantId } from '../lib/ids.ts';
import { hashOf, newToken } from './upload-links.ts';

/*
 * Links that show one thing once, to whoever of the staff asked for it: a licence photo, or all that is held of a
 * person. Opening the page uses nothing up, pressing its button does: programs that look into links press no buttons.
 */

/** How long a link works, in business time. */
export const LINK_MINUTES = 10;

export interface PrivateLink {
  tenantId: TenantId;
  kind: 'licence' | 'export';
  /** An asset, or a person. */
  subjectId: string;
  personId: PersonId;
  staffId: StaffId;
  /** The customer's full name. */
  customer: string;
  state: 'open' | 'used' | 'expired';
}

/** Makes a link in the caller's transaction; returns its token, of which only the hash is kept. */
export async function insertPrivateLink(
  tx: Tx,
  link: Pick<PrivateLink, 'kind' | 'subjectId' | 'personId' | 'staffId'>,
  now: Date,
): Promise<string> {
  const token = newToken();
  await tx.query(
    `insert into private_links (token_hash, tenant_id, kind, subject_id, person_id, staff_id, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      hashOf(token),
      tx.tenantId,
      link.kind,
      link.subjectId,
      link.personId,
      link.staffId,
      new Date(now.getTime() + LINK_MINUTES * 60_000),
    ],
  );
  return token;
}

/** Finds a link by its token; undefined for one that we did not make. The tenant is not known before, so: system. */
export async function findPrivateLink(sql: Sql, token: string, now: Date): Promise<PrivateLink | undefined> {
  const [link] = await sql.query<PrivateLink>(
    `select k.tenant_id as "tenantId", k.kind, k.subject_id as "subjectId", k.person_id as "personId",
       k.staff_id as "staffId", p.name as customer,
       case when k.used_at is not null then 'used' when k.expires_at <= $2 then 'expired' else 'open' end as state
     from private_links k join persons p on p.id = k.person_id where k.token_hash = $1`,
    [hashOf(token), now],
  );
  return link;
}

/** Takes the link in the caller's transaction; of two who try at once one gets it. */
export async function takePrivateLink(tx: Tx, token: string, now: Date): Promise<boolean> {
  const taken = await tx.query(
    'update private_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning kind',
    [hashOf(token), now],
  );
  return taken.length > 0;
}

/** Forgets links that have not worked for a day. */
export async function forgetLinks(sql: Sql, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 24 * 60 * 60 * 1000);
  await sql.query('delete from private_links where expires_at < $1', [before]); // private_links_old
}
