import type { Database } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { AccountId, TenantId } from '../lib/ids.ts';
import { memo } from '../lib/memo.ts';

/** One sender on one channel at one gateway. */
export interface Account {
  id: AccountId;
  vendor: string;
  channel: 'whatsapp' | 'sms' | 'email';
  sender: string;
  gatewayAccount: string;
  /** Messages a second. */
  rate: number;
  /** Sends a day at most, by UTC days; left out, as many as the rate allows. */
  dailyLimit?: number | null;
}

/** What a tenant can send with, and which WhatsApp templates are approved for its sender. */
export interface Routing {
  accounts: Partial<Record<Account['channel'], Account>>;
  /** Content id by `template/version/language`. */
  approved: ReadonlyMap<string, string>;
}

export interface RoutingBook {
  of(tenantId: TenantId): Promise<Routing>;
  /** Makes the platform's senders known and routes every tenant to them. */
  register(accounts: Omit<Account, 'id'>[], newId: () => AccountId): Promise<Account[]>;
  forget(tenantId: TenantId): void;
}

const FRESH_MS = 1000;

export const templateKey = (template: { key: string; version: string; language: string }) =>
  `${template.key}/${template.version}/${template.language}`;

export function createRouting(deps: { db: Database; clock: Clock }): RoutingBook {
  const { db, clock } = deps;
  const known = memo(clock, FRESH_MS, async (tenantId: TenantId): Promise<Routing> => {
    const accounts = await db.system.query<Account>(
      `select a.id, a.vendor, a.channel, a.sender, a.gateway_account as "gatewayAccount", a.rate,
         a.daily_limit as "dailyLimit"
       from routes r join accounts a on a.id = r.account_id where r.tenant_id = $1`,
      [tenantId],
    );
    const templates = await db.system.query<{ key: string; version: string; language: string; contentId: string }>(
      `select t.template_key as key, t.version, t.language, t.content_id as "contentId"
       from whatsapp_templates t join routes r on r.tenant_id = t.tenant_id and r.account_id = t.account_id
       where t.tenant_id = $1 and t.state = 'approved'`,
      [tenantId],
    );
    return {
      accounts: Object.fromEntries(accounts.map((account) => [account.channel, account])),
      approved: new Map(templates.map((template) => [templateKey(template), template.contentId])),
    };
  });

  return {
    of: (tenantId) => known.get(tenantId),
    async register(accounts, newId) {
      const rows: Account[] = [];
      for (const account of accounts) {
        const [row] = await db.system.query<Account>(
          `insert into accounts (id, vendor, channel, sender, gateway_account, rate, tokens, daily_limit)
           values ($1, $2, $3, $4, $5, $6, $6, $7)
           on conflict (vendor, channel, sender) do update set gateway_account = excluded.gateway_account
           returning id, vendor, channel, sender, gateway_account as "gatewayAccount", rate,
             daily_limit as "dailyLimit"`,
          [
            newId(),
            account.vendor,
            account.channel,
            account.sender,
            account.gatewayAccount,
            account.rate,
            account.dailyLimit ?? null,
          ],
        );
        if (row) rows.push(row);
      }
      await db.system.query(
        `insert into routes (tenant_id, channel, account_id)
         select t.id, a.channel, a.id from tenants t cross join accounts a where a.id = any($1::uuid[])
         on conflict (tenant_id, channel) do update set account_id = excluded.account_id`,
        [rows.map((row) => row.id)],
      );
      return rows;
    },
    forget: known.forget,
  };
}
