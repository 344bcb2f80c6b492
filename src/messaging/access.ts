import type { Sql } from '../db/index.ts';
import type { AccountId, TenantId } from '../lib/ids.ts';

/*
 * A sender that several businesses have connected (an agency's Twilio, say) has one row, since its rate, its window and what the
 * gateway reports of it are the number's own; and each of them has its own access to it. It leaves by one of these. When that is
 * refused, or put away, it leaves by the next one's: nobody waits for what is wrong with somebody else's credentials.
 */

/** The access of others than `not` to an account `a`; routes_account. */
const othersThan = (not: string) => `
  routes r join credentials c on c.tenant_id = r.tenant_id and c.vendor = a.vendor and c.gateway_account = a.gateway_account
  where r.account_id = a.id and r.retired_at is null and c.id <> ${not}`;

const PASS_ON = {
  name: 'accounts-pass-on',
  // what was not refused first, then what was refused longest ago; whoever comes second finds that it is done
  text: `with next as (
      select a.id, n.credential, n.works, n.works and a.rest_reason = 'denied' as mended
      from accounts a cross join lateral (
        select c.id as credential, r.refused_at is null as works from ${othersThan('$2')}
        order by r.refused_at nulls first, c.id limit 1) n
      where a.id = $1 and a.credential_id = $2 for update of a),
    passed as (
      update accounts a set credential_id = n.credential, rests = case when n.mended then 0 else a.rests end,
        rests_until = case when n.mended then null else a.rests_until end,
        rest_reason = case when n.mended then null else a.rest_reason end,
        refilled_at = case when n.mended then least(a.refilled_at, clock_timestamp()) else a.refilled_at end
      from next n where a.id = n.id returning a.id, n.credential, n.works),
    refused as (
      update routes r set refused_at = clock_timestamp() from passed p, credentials c
      where c.id = $2 and r.account_id = p.id and r.tenant_id = c.tenant_id)
    select credential as "credentialId", works from passed`,
};

/** The access by which a sender leaves from now on; `works` is false when that was refused before as well. */
export interface PassedOn {
  credentialId: string;
  works: boolean;
}

/** The gateway refuses an account by this access: it leaves by another business's. Undefined when it has none, or does already. */
export async function passOn(sql: Sql, id: AccountId, refused: string): Promise<PassedOn | undefined> {
  const [passed] = await sql.query<PassedOn>(PASS_ON, [id, refused]);
  return passed;
}

/** A business has put a sender away: whoever else has connected it uses their own access. */
export async function leaveAccess(sql: Sql, tenantId: TenantId, id: AccountId): Promise<void> {
  await sql.query(
    `update accounts a set credential_id = coalesce((select c.id from ${othersThan('a.credential_id')}
       order by r.refused_at nulls first, c.id limit 1), credential_id)
     where id = $1 and credential_id in (select id from credentials where tenant_id = $2)`,
    [id, tenantId],
  );
}

/** Access given anew counts as not refused; a sender that rests for somebody else's leaves by it at once. */
export async function renewAccess(sql: Sql, tenantId: TenantId, id: AccountId): Promise<void> {
  await sql.query('update routes set refused_at = null where tenant_id = $1 and account_id = $2', [tenantId, id]);
  const [held] = await sql.query<{ refused: string }>(
    `select credential_id as refused from accounts where id = $1 and rest_reason = 'denied'
       and credential_id in (select id from credentials where tenant_id <> $2)`,
    [id, tenantId],
  );
  if (held) await passOn(sql, id, held.refused);
}
