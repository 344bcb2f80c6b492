import type { Database, Sql } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type AccountId, newId, type TenantId } from '../lib/ids.ts';
import {
  ACCOUNT_FIELDS,
  type Account,
  type Credentials,
  demand,
  type RoutingBook,
  type Staff,
} from '../tenants/index.ts';
import type { GatewayBook, OwnGateways } from './gateway-book.ts';
import type { SendOutcome } from './port.ts';

/** A sender that a tenant connects. */
export interface NewSender {
  channel: Account['channel'];
  /** E.164, or a mailbox. */
  sender: string;
  /** Messages a second. */
  rate: number;
  /** Sends a day at most. */
  dailyLimit?: number;
}

/** Access to a gateway as a tenant gives it. */
export interface NewAccess {
  vendor: string;
  gatewayAccount: string;
  secrets: Record<string, string>;
  senders: readonly NewSender[];
}

/** How an account did in the last 24 hours (machine clock). */
export interface AccountState {
  account: Account;
  /** Connected by the tenant itself. */
  own: boolean;
  /** Nothing is sent from it for so many minutes more, and why. */
  rests: { reason: string; minutes: number } | null;
  /** Requests, those that failed by the gateway's doing, and the mean answer in ms. */
  requests: number;
  failed: number;
  answerMs: number | null;
}

export interface ChannelDesk {
  /** The tenant's accounts in the order in which they are tried. */
  states(tenantId: TenantId): Promise<AccountState[]>;
  /**
   * Keeps access that was tried just now, and puts its senders first. Given anew it replaces what was there, without a
   * restart. Throws `misconfigured` in the gateway's words when it is not right.
   */
  connect(staff: Staff, access: NewAccess): Promise<{ renewed: boolean }>;
  /** Tries an account first on its channel. */
  first(staff: Staff, accountId: string): Promise<Account>;
  /** Sends a short text from an account to somebody of the staff; what became of it is not followed. */
  test(staff: Staff, accountId: string, to: string): Promise<{ account: Account; outcome: SendOutcome }>;
}

export interface ChannelDeskDeps {
  db: Database;
  clock: Clock;
  credentials: Credentials;
  routing: RoutingBook;
  gateways: GatewayBook;
  own: OwnGateways | undefined;
  statusUrl(account: Account): string;
}

/** The platform's are behind from here on. */
const OWN_PLACES = 100;
const TEST_MS = 10_000;
/** Slack wants an answer to a window within three seconds. */
const TRY_MS = 2200;

const STATES = `select ${ACCOUNT_FIELDS}, a.rest_reason as reason,
    ceil(extract(epoch from a.rests_until - clock_timestamp()) / 60)::int as minutes,
    h.requests::int, h.failed::int, h.answer_ms::float as "answerMs"
  from routes r join accounts a on a.id = r.account_id
    cross join lateral (select coalesce(sum(taken + refused + denied + throttled + silent), 0) as requests,
      coalesce(sum(denied + throttled + silent), 0) as failed,
      sum(answer_ms) / nullif(sum(taken + refused + denied + throttled), 0) as answer_ms
      from account_health where account_id = a.id and hour > clock_timestamp() - interval '24 hours') h
  where r.tenant_id = $1 and r.retired_at is null order by a.channel, r.place, a.id`;

export function createChannelDesk(deps: ChannelDeskDeps): ChannelDesk {
  const { db, clock, credentials, routing, gateways, own } = deps;

  async function accountOf(staff: Staff, accountId: string): Promise<Account> {
    const { routes = [] } = await routing.of(staff.tenantId);
    const found = routes.find(({ account }) => account.id === accountId);
    if (!found) throw new KnownError('not_found', 'no such sender', 'That sender is not connected (any more).');
    return found.account;
  }

  /** Asks the gateway for something that only the right access is given. */
  async function tryAccess(access: NewAccess): Promise<void> {
    const gateway = own?.connect(access);
    if (!gateway)
      throw new KnownError('unavailable', 'vendor cannot be connected', 'This gateway cannot be connected here.');
    const since = new Date(clock.machine() - 60_000);
    const tries = access.senders.map(({ channel, sender: to }) => gateway.listInbound({ channel, to, since }));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const words = 'The gateway did not answer in time. Try again in a minute.';
      timer = setTimeout(() => reject(new KnownError('unavailable', 'access not tried in time', words)), TRY_MS);
    });
    try {
      await Promise.race([Promise.all(tries), late]);
    } finally {
      clearTimeout(timer);
      void gateway.close?.();
    }
  }

  const note = (
    sql: Sql,
    staff: Staff,
    { channel, vendor }: Pick<Account, 'channel' | 'vendor'>,
    what: 'connected' | 'renewed' | 'ordered',
  ) =>
    append(sql, staff.tenantId, clock.now(), `staff:${staff.id}`, [
      { type: 'sender.changed', data: { channel, vendor, what } },
    ]);

  return {
    async states(tenantId) {
      const rows = await db.system.query<
        Account & {
          reason: string | null;
          minutes: number | null;
          requests: number;
          failed: number;
          answerMs: number | null;
        }
      >(STATES, [tenantId]);
      return rows.map(({ reason, minutes, requests, failed, answerMs, ...account }) => ({
        account,
        own: account.credentialId != null,
        rests: minutes !== null && minutes > 0 ? { reason: reason ?? '', minutes } : null,
        requests,
        failed,
        answerMs,
      }));
    },

    async connect(staff, access) {
      demand(staff, 'channels.change');
      await tryAccess(access);
      const { vendor, gatewayAccount } = access;
      const kept = await db.system.transaction(async (sql) => {
        const by = { tenantId: staff.tenantId, staffId: staff.id };
        const credential = await credentials.keep(sql, by, access);
        for (const sender of access.senders) {
          const accountId = await keepAccount(sql, credential.id, { vendor, gatewayAccount, ...sender });
          await putFirst(sql, staff.tenantId, sender.channel, accountId);
          await note(sql, staff, { vendor, channel: sender.channel }, credential.renewed ? 'renewed' : 'connected');
        }
        return credential;
      });
      credentials.forget(kept.id);
      routing.forget(staff.tenantId);
      return { renewed: kept.renewed };
    },

    async first(staff, accountId) {
      demand(staff, 'channels.change');
      const account = await accountOf(staff, accountId);
      await db.system.transaction(async (sql) => {
        await putFirst(sql, staff.tenantId, account.channel, account.id);
        await note(sql, staff, account, 'ordered');
      });
      routing.forget(staff.tenantId);
      return account;
    },

    async test(staff, accountId, to) {
      demand(staff, 'channels.change');
      const account = await accountOf(staff, accountId);
      const gateway = await gateways.of(account);
      if (account.channel === 'email' || !gateway) {
        throw new KnownError('unavailable', 'no test here', 'Only SMS and WhatsApp can be tried from here.');
      }
      const outcome = await gateway.send(
        {
          channel: account.channel,
          to,
          from: account.sender,
          body: 'LeadRescue: this sender works.',
          statusCallback: `${deps.statusUrl(account)}?message=${newId()}&attempt=1`,
          validitySeconds: 300,
        },
        clock.machine() + TEST_MS,
      );
      return { account, outcome };
    },
  };
}

/** The sender with its access. One that another business connected with the same account there is used by both. */
async function keepAccount(
  sql: Sql,
  credentialId: string,
  { vendor, gatewayAccount, channel, sender, rate, dailyLimit }: NewSender & { vendor: string; gatewayAccount: string },
): Promise<AccountId> {
  const [row] = await sql.query<{ id: AccountId }>(
    // access that works again ends a rest
    `insert into accounts as a (id, vendor, channel, sender, gateway_account, rate, tokens, daily_limit, credential_id)
     values ($1, $2, $3, $4, $5, $6, $6, $7, $8)
     on conflict (channel, sender, vendor, gateway_account) do update
       set credential_id = $8, rests = 0, rests_until = null, rest_reason = null
     returning a.id`,
    [newId(), vendor, channel, sender, gatewayAccount, rate, dailyLimit ?? null, credentialId],
  );
  if (!row) throw new Error('a sender was not kept');
  return row.id;
}

async function putFirst(sql: Sql, tenantId: TenantId, channel: string, accountId: AccountId): Promise<void> {
  await sql.query(
    `insert into routes (tenant_id, channel, account_id, place)
     select $1, $2, $3, coalesce(min(place), ${OWN_PLACES}) - 1 from routes where tenant_id = $1 and channel = $2
     on conflict (tenant_id, channel, account_id) do update set place = excluded.place, retired_at = null`,
    [tenantId, channel, accountId],
  );
}
