import type { Database, Sql } from '../db/index.ts';
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
  /** New people in 24 hours at most, outside their windows (WhatsApp); left out or null, not limited. */
  newPeopleLimit?: number | null;
  /** WhatsApp by a linked phone: free text at any time, no templates. */
  freeText?: boolean;
  /** The tenant's own access to the gateway; left out or null, the platform's. */
  credentialId?: string | null;
}

/** One account of a tenant's ordered list. */
export interface Route {
  account: Account;
  /** Nothing is sent from it until then (machine ms); null while it does well. */
  restsUntil: number | null;
  /** How often in a row it had to rest; 0 is healthy. After a rest the next success counts. */
  rests: number;
  /** Another business has connected it too: should its access be refused, it leaves by that one's a moment later. */
  spare?: boolean;
  /** Content id by `template/version/language`, of what WhatsApp has approved for this sender. */
  approved: ReadonlyMap<string, string>;
}

/** What a tenant can send with, and which WhatsApp templates are approved for its sender. */
export interface Routing {
  /** On each channel the first account that does well; when none does, the first. */
  accounts: Partial<Record<Account['channel'], Account>>;
  /** Content id by `template/version/language`, of whatever some WhatsApp account that does well (else some that rests) may send. */
  approved: ReadonlyMap<string, string>;
  /** Every account, in the order in which they are tried. Left out, those above are all there are. */
  routes?: readonly Route[];
}

export interface RoutingBook {
  of(tenantId: TenantId): Promise<Routing>;
  /** Makes the platform's senders known and routes every tenant to them. */
  register(accounts: Omit<Account, 'id'>[], newId: () => AccountId): Promise<Account[]>;
  forget(tenantId: TenantId): void;
  /** An account began to rest, or is back (null): counts here at once, elsewhere within a second. */
  rested(accountId: AccountId, until: number | null): void;
}

const FRESH_MS = 1000;

export const templateKey = (template: { key: string; version: string; language: string }) =>
  `${template.key}/${template.version}/${template.language}`;

/** An account as it is read from its table, under the name `a`. */
export const ACCOUNT_FIELDS = `a.id, a.vendor, a.channel, a.sender, a.gateway_account as "gatewayAccount", a.rate,
  a.daily_limit as "dailyLimit", a.credential_id as "credentialId", a.free_text as "freeText",
  a.new_people_limit as "newPeopleLimit"`;

interface Row extends Account {
  rests: number;
  restsMs: number | null;
  spare: boolean;
}

export function createRouting(deps: { db: Database; clock: Clock }): RoutingBook {
  const { db, clock } = deps;
  /** What this process has just learned, until it reads it. */
  const heard = new Map<AccountId, { until: number | null; at: number }>();

  const known = memo(clock, FRESH_MS, async (tenantId: TenantId): Promise<Route[]> => {
    const readAt = clock.machine();
    const rows = await db.system.query<Row>(
      `select ${ACCOUNT_FIELDS}, a.rests,
         extract(epoch from a.rests_until - clock_timestamp())::float * 1000 as "restsMs",
         a.credential_id is not null and exists (select from routes o join credentials c
           on c.tenant_id = o.tenant_id and c.vendor = a.vendor and c.gateway_account = a.gateway_account
           where o.account_id = a.id and o.retired_at is null and o.refused_at is null and c.id <> a.credential_id) as spare
       from routes r join accounts a on a.id = r.account_id where r.tenant_id = $1 and r.retired_at is null
       order by r.place, a.id`,
      [tenantId],
    );
    const templates = await db.system.query<{
      accountId: AccountId;
      key: string;
      version: string;
      language: string;
      contentId: string;
    }>(
      `select t.account_id as "accountId", t.template_key as key, t.version, t.language, t.content_id as "contentId"
       from whatsapp_templates t join routes r on r.tenant_id = t.tenant_id and r.account_id = t.account_id and r.retired_at is null
       where t.tenant_id = $1 and t.state = 'approved'`,
      [tenantId],
    );
    return rows.map(({ rests, restsMs, spare, ...account }) => ({
      account,
      rests,
      spare,
      restsUntil: restsMs !== null && restsMs > 0 ? readAt + restsMs : null,
      approved: new Map(
        templates.filter((each) => each.accountId === account.id).map((each) => [templateKey(each), each.contentId]),
      ),
    }));
  });

  /** What was heard here and may not have been read yet, laid over what was read. */
  function asOfNow(route: Route, now: number): Route {
    const news = heard.get(route.account.id);
    if (news && news.at < now - 2 * FRESH_MS) heard.delete(route.account.id);
    const until = news && news.at >= now - 2 * FRESH_MS ? news.until : route.restsUntil;
    return { ...route, restsUntil: until !== null && until > now ? until : null };
  }

  return {
    async of(tenantId) {
      const now = clock.machine();
      return routingOf((await known.get(tenantId)).map((route) => asOfNow(route, now)));
    },
    async register(accounts, newId) {
      const rows: Account[] = [];
      await db.system.transaction(async (sql) => {
        // two processes that start at once make each sender once
        await sql.query(`select pg_advisory_xact_lock(hashtext('accounts'))`);
        for (const account of accounts) rows.push(await registered(sql, account, newId));
        await sql.query(
          `insert into routes (tenant_id, channel, account_id, place)
           select t.id, a.channel, a.id, 100 + o.n
           from tenants t cross join unnest($1::uuid[]) with ordinality as o(id, n) join accounts a on a.id = o.id
           on conflict do nothing`,
          [rows.map((row) => row.id)],
        );
        // a sender that was replaced is used no more; what waits on it is routed anew when it is due
        await sql.query(
          `delete from routes r using accounts a where a.id = r.account_id and a.credential_id is null
             and not a.free_text and a.channel = any($2::text[]) and not a.id = any($1::uuid[])`,
          [rows.map((row) => row.id), rows.map((row) => row.channel)],
        );
      });
      return rows;
    },
    forget: known.forget,
    rested: (accountId, until) => void heard.set(accountId, { until, at: clock.machine() }),
  };
}

/** The view that most of the house needs: one account for each channel. Pure. */
function routingOf(routes: readonly Route[]): Routing {
  const accounts: Routing['accounts'] = {};
  /** Those that do well; when none does, all. */
  const usable = (channel: Account['channel']) => {
    const fitting = routes.filter(({ account }) => account.channel === channel);
    const well = fitting.filter(({ restsUntil }) => restsUntil === null);
    return well.length > 0 ? well : fitting;
  };
  for (const channel of ['whatsapp', 'sms', 'email'] as const) {
    const [first] = usable(channel);
    if (first) accounts[channel] = first.account;
  }
  return { accounts, approved: new Map(usable('whatsapp').flatMap(({ approved }) => [...approved])), routes };
}

/** The number that customers can call or write to; an account that stands for whatever an app has, has none. */
export const contactNumber = ({ sms, whatsapp }: Routing['accounts']): string | undefined =>
  [sms, whatsapp].map((account) => account?.sender).find((sender) => sender?.startsWith('+'));

/**
 * One of the platform's senders; its account at the gateway may have become another one. What the configuration names is the
 * platform's, also where a tenant had connected it before.
 */
async function registered(sql: Sql, account: Omit<Account, 'id'>, newId: () => AccountId): Promise<Account> {
  const { vendor, channel, sender, gatewayAccount, rate, dailyLimit } = account;
  const [kept] = await sql.query<Account>(
    `update accounts a set gateway_account = $4 where vendor = $1 and channel = $2 and sender = $3 and credential_id is null
       and not exists (select from accounts o where o.channel = $2 and o.sender = $3 and o.vendor = $1 and o.gateway_account = $4
         and o.id <> a.id)
     returning ${ACCOUNT_FIELDS}`,
    [vendor, channel, sender, gatewayAccount],
  );
  if (kept) return kept;
  const [made] = await sql.query<Account>(
    `insert into accounts as a (id, vendor, channel, sender, gateway_account, rate, tokens, daily_limit)
     values ($1, $2, $3, $4, $5, $6, $6, $7)
     on conflict (channel, sender, vendor, gateway_account) do update set credential_id = null, rate = $6, daily_limit = $7
     returning ${ACCOUNT_FIELDS}`,
    [newId(), vendor, channel, sender, gatewayAccount, rate, dailyLimit ?? null],
  );
  if (!made) throw new Error('a sender was not made');
  return made;
}
