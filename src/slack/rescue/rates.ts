import type { Database } from '../../db/index.ts';
import { append } from '../../events/index.ts';
import { KnownError } from '../../lib/errors.ts';
import type { StaffId, TenantId } from '../../lib/ids.ts';
import type { Account } from '../../tenants/index.ts';

/** Messages a second: less is a standstill, more is beyond what any gateway gives one number. */
export const RATES = { least: 0.1, most: 500 };

/** A rate as people write it; undefined when it is none, or out of bounds. */
export function rateIn(figure: string): number | undefined {
  const rate = Number(figure.replace(',', '.'));
  return /^[\d.,]+$/.test(figure) && rate >= RATES.least && rate <= RATES.most ? rate : undefined;
}

/**
 * Changes how many messages a second a sender may take. Senders belong to the platform, so this is done across tenants;
 * one that other tenants use as well is not one tenant's to change (G9).
 */
export async function changeRate(
  db: Database,
  by: { tenantId: TenantId; staffId: StaffId; at: Date },
  account: Account,
  rate: number,
): Promise<void> {
  await db.system.transaction(async (sql) => {
    const [others] = await sql.query(
      // routes_account
      'select from routes where account_id = $1 and tenant_id <> $2 and retired_at is null limit 1',
      [account.id, by.tenantId],
    );
    if (others) {
      const message = 'Other companies send from this number too. Ask whoever runs LeadRescue to change its rate.';
      throw new KnownError('forbidden', 'sender is shared', message);
    }
    await sql.query('update accounts set rate = $2 where id = $1', [account.id, rate]);
    const [last] = await sql.query<{ version: number }>(
      'select coalesce(max(version), 0) as version from settings where tenant_id = $1',
      [by.tenantId],
    );
    const data = { version: last?.version ?? 0, keys: [`channels.${account.channel}.rate`] };
    await append(sql, by.tenantId, by.at, `staff:${by.staffId}`, [{ type: 'settings.changed', data }]);
  });
}
