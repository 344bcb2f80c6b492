import type { Database, Sql } from '../db/index.ts';
import { append, type EventData } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type AccountId, newId, type TenantId } from '../lib/ids.ts';
import { inTime } from '../lib/in-time.ts';
import type { Logger } from '../lib/logger.ts';
import {
  type Account,
  type Credentials,
  demand,
  type Playbooks,
  type Route,
  type RoutingBook,
  type Staff,
  type Tenants,
} from '../tenants/index.ts';
import { leaveAccess, renewAccess } from './access.ts';
import type { GatewayBook, OwnGateways } from './gateway-book.ts';
import type { SendOutcome } from './port.ts';
import { type Diverted, divertRetired, retire } from './retire.ts';
import { type AccountState, readStates } from './sender-figures.ts';
import { changeTerms, learnPrices, type TermChange, type Terms } from './sender-terms.ts';
import { type TriedWith, tryingOut } from './try-sender.ts';

/** A sender that a tenant connects. */
export interface NewSender {
  channel: Account['channel'];
  /** E.164, or a mailbox. */
  sender: string;
  /** Messages a second. */
  rate: number;
  /** Sends a day at most. */
  dailyLimit?: number;
  /** New people in 24 hours at most (WhatsApp). */
  newPeopleLimit?: number;
}

/** Access to a gateway as a tenant gives it. */
export interface NewAccess {
  vendor: string;
  gatewayAccount: string;
  secrets: Record<string, string>;
  senders: readonly NewSender[];
}

export interface ChannelDesk {
  /** The tenant's accounts in the order in which they are tried. */
  states(tenantId: TenantId): Promise<AccountState[]>;
  /**
   * Keeps access that was tried just now, and puts its senders first. Given anew it replaces what was there, without a
   * restart. Throws `misconfigured` in the gateway's words when it is not right, or names a sender of the platform's.
   */
  connect(staff: Staff, access: NewAccess): Promise<{ renewed: boolean }>;
  /** Tries an account first on its channel. */
  first(staff: Staff, accountId: string): Promise<Account>;
  /**
   * Changes what a sender may and costs, and says from what to what. `seen` is what the person was shown of it: `conflict` when
   * that has changed meanwhile. `forbidden` for one that other tenants use too.
   */
  terms(
    staff: Staff,
    accountId: string,
    terms: Terms,
    seen?: Terms,
  ): Promise<{ account: Account; changes: TermChange[] }>;
  /** Puts a sender away, and says what became of what waited for it. A linked phone is unlinked instead: `validation_error`. */
  remove(staff: Staff, accountId: string): Promise<{ account: Account; diverted: Diverted }>;
  /** What is done for senders now and then, by any worker: asks for prices, and looks after what waits for one put away. */
  tend(): Promise<void>;
  /**
   * Sends something short from an account to somebody of the staff, at a number or a mailbox; what became of it behind the gateway is
   * not followed.
   */
  test(staff: Staff, accountId: string, to: string): Promise<{ account: Account; outcome: SendOutcome; by: TriedWith }>;
}

export interface ChannelDeskDeps {
  db: Database;
  log: Logger;
  clock: Clock;
  credentials: Credentials;
  routing: RoutingBook;
  gateways: GatewayBook;
  own: OwnGateways | undefined;
  tenants: Pick<Tenants, 'byId' | 'settings'>;
  playbooks: Playbooks;
  statusUrl(account: Account): string;
}

/** The platform's are behind from here on. */
const OWN_PLACES = 100;
const TEST_MS = 10_000;
/** Slack wants an answer to a window within three seconds. */
const TRY_MS = 2200;

export function createChannelDesk(deps: ChannelDeskDeps): ChannelDesk {
  const { db, clock, log, credentials, routing, gateways, own } = deps;

  async function routeOf(staff: Staff, accountId: string): Promise<Route> {
    const { routes = [] } = await routing.of(staff.tenantId);
    const found = routes.find(({ account }) => account.id === accountId);
    if (!found) throw new KnownError('not_found', 'no such sender', 'That sender is not connected (any more).');
    return found;
  }
  const accountOf = async (staff: Staff, accountId: string) => (await routeOf(staff, accountId)).account;

  /** Asks the gateway for something that only the right access is given. */
  async function tryAccess(access: NewAccess): Promise<void> {
    const gateway = own?.connect(access);
    if (!gateway)
      throw new KnownError('unavailable', 'vendor cannot be connected', 'This gateway cannot be connected here.');
    const since = new Date(clock.machine() - 60_000);
    const tries: Promise<unknown>[] = access.senders.map(({ channel, sender: to }) =>
      gateway.listInbound({ channel, to, since }),
    );
    if (gateway.tryAccess) tries.push(gateway.tryAccess());
    const words = 'The gateway did not answer in time. Try again in a minute.';
    const late = () => new KnownError('unavailable', 'access not tried in time', words);
    try {
      await inTime(Promise.all(tries), TRY_MS, late);
    } finally {
      void gateway.close?.();
    }
  }

  const note = (
    sql: Sql,
    staff: Staff,
    { id, channel, vendor }: Pick<Account, 'id' | 'channel' | 'vendor'>,
    change: Omit<EventData<'sender.changed'>, 'accountId' | 'channel' | 'vendor'>,
  ) =>
    append(sql, staff.tenantId, clock.now(), `staff:${staff.id}`, [
      { type: 'sender.changed', data: { channel, vendor, accountId: id, ...change } },
    ]);

  return {
    states: (tenantId) => readStates(db.system, tenantId, clock.now()),

    async connect(staff, access) {
      demand(staff, 'channels.change');
      await tryAccess(access);
      const { vendor } = access;
      const kept = await db.system.transaction(async (sql) => {
        const by = { tenantId: staff.tenantId, staffId: staff.id };
        const gatewayAccount = await accountName(sql, staff.tenantId, access);
        const credential = await credentials.keep(sql, by, { ...access, gatewayAccount });
        for (const sender of access.senders) {
          const own = { vendor, gatewayAccount, ...sender, tenantId: staff.tenantId, credentialId: credential.id };
          const accountId = await keepAccount(sql, own);
          await putFirst(sql, staff.tenantId, sender.channel, accountId);
          await renewAccess(sql, staff.tenantId, accountId);
          const account = { id: accountId, vendor, channel: sender.channel };
          await note(sql, staff, account, { what: credential.renewed ? 'renewed' : 'connected' });
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
        const from = await placeOf(sql, staff.tenantId, account);
        await putFirst(sql, staff.tenantId, account.channel, account.id);
        await note(sql, staff, account, { what: 'ordered', from, to: '1' });
      });
      routing.forget(staff.tenantId);
      return account;
    },

    async terms(staff, accountId, terms, seen = {}) {
      demand(staff, 'channels.change');
      const account = await accountOf(staff, accountId);
      const changes = await db.system.transaction(async (sql) => {
        const made = await changeTerms(sql, staff.tenantId, account, terms, seen);
        for (const change of made) await note(sql, staff, account, change);
        return made;
      });
      routing.forget(staff.tenantId);
      return { account, changes };
    },

    async remove(staff, accountId) {
      demand(staff, 'channels.change');
      const account = await accountOf(staff, accountId);
      if (account.freeText) {
        const words = 'That is a linked phone: `/rescue phone` unlinks it.';
        throw new KnownError('validation_error', 'a linked phone is unlinked', words);
      }
      const diverted = await db.system.transaction(async (sql) => {
        if (!(await retire(sql, staff.tenantId, account.id))) return { moved: 0, held: 0 };
        await leaveAccess(sql, staff.tenantId, account.id);
        await note(sql, staff, account, { what: 'removed' });
        return divertRetired(sql, clock.now());
      });
      routing.forget(staff.tenantId);
      return { account, diverted };
    },

    async tend() {
      await divertRetired(db.system, clock.now());
      await learnPrices({ db, gateways, log });
    },

    async test(staff, accountId, to) {
      demand(staff, 'channels.change');
      const route = await routeOf(staff, accountId);
      const { account } = route;
      const gateway = await gateways.of(account);
      if (!gateway) {
        const words = 'Nobody carries messages for this sender just now: connect it anew.';
        throw new KnownError('unavailable', 'no gateway', words);
      }
      const [tenant, settings] = await Promise.all([
        deps.tenants.byId(staff.tenantId),
        deps.tenants.settings(staff.tenantId),
      ]);
      const trying = { tenant, settings, playbooks: deps.playbooks };
      const { message, by } = tryingOut(route, to, trying, deps.statusUrl(account));
      const outcome = await gateway.send(message, clock.machine() + TEST_MS);
      return { account, outcome, by };
    },
  };
}

/**
 * The account by which access is kept. A mail server has none to name, and who names a mailbox has proven only that they
 * can sign in somewhere: so two businesses that name the same mailbox stay apart. One kept before this was so keeps its name.
 */
async function accountName(sql: Sql, tenantId: TenantId, access: NewAccess): Promise<string> {
  const { vendor, gatewayAccount, senders } = access;
  const mailbox = senders.find(({ channel }) => channel === 'email')?.sender;
  if (mailbox === undefined) return gatewayAccount;
  const [kept] = await sql.query<{ name: string }>(
    `select a.gateway_account as name from accounts a join credentials c on c.id = a.credential_id
     where c.tenant_id = $1 and a.vendor = $2 and a.channel = 'email' and a.sender = $3`,
    [tenantId, vendor, mailbox],
  );
  return kept?.name ?? `${gatewayAccount}#${tenantId}`;
}

/**
 * The sender with its access. One that another business connected is used by both, since both have proven that its account at
 * the gateway is theirs, and stays with the access it has while that is accepted (`access.ts`). Throws `misconfigured` for the platform's own.
 */
async function keepAccount(
  sql: Sql,
  own: NewSender & { vendor: string; gatewayAccount: string; tenantId: TenantId; credentialId: string },
): Promise<AccountId> {
  const { vendor, gatewayAccount, channel, sender, rate, dailyLimit, newPeopleLimit, credentialId } = own;
  const [platforms] = await sql.query(
    // a mailbox is the same whatever its account is called
    `select from accounts where vendor = $1 and channel = $2 and sender = $3 and credential_id is null
       and (gateway_account = $4 or channel = 'email')`,
    [vendor, channel, sender, gatewayAccount],
  );
  if (platforms) {
    const words = `${sender} is the platform's sender, which your business may use as it is. Connect one of your own.`;
    throw new KnownError('misconfigured', 'a sender of the platform', words);
  }
  const [kept] = await sql.query<{ id: AccountId }>(
    // access that works again ends a rest
    `insert into accounts as a (id, vendor, channel, sender, gateway_account, rate, tokens, daily_limit, credential_id, new_people_limit)
     values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)
     on conflict (channel, sender, vendor, gateway_account) do update
       set credential_id = $8, rests = 0, rests_until = null, rest_reason = null, refilled_at = least(a.refilled_at, clock_timestamp()),
         new_people_limit = coalesce($9, a.new_people_limit)
       where a.credential_id in (select id from credentials where tenant_id = $10)
     returning a.id`,
    [
      newId(),
      vendor,
      channel,
      sender,
      gatewayAccount,
      rate,
      dailyLimit ?? null,
      credentialId,
      newPeopleLimit ?? null,
      own.tenantId,
    ],
  );
  if (kept) return kept.id;
  const [shared] = await sql.query<{ id: AccountId }>(
    // accounts_sender
    `select id from accounts where channel = $1 and sender = $2 and vendor = $3 and gateway_account = $4
       and credential_id is not null`,
    [channel, sender, vendor, gatewayAccount],
  );
  if (!shared) throw new Error('a sender was not kept');
  return shared.id;
}

/** Where in the order a sender stands, from 1; null where it is not in it. */
async function placeOf(sql: Sql, tenantId: TenantId, { id, channel }: Account): Promise<string | null> {
  const order = await sql.query<{ id: string }>(
    `select account_id as id from routes where tenant_id = $1 and channel = $2 and retired_at is null
     order by place, account_id for update`,
    [tenantId, channel],
  );
  const at = order.findIndex((each) => each.id === id);
  return at < 0 ? null : String(at + 1);
}

async function putFirst(sql: Sql, tenantId: TenantId, channel: string, accountId: AccountId): Promise<void> {
  await sql.query(
    `insert into routes (tenant_id, channel, account_id, place)
     select $1, $2, $3, coalesce(min(place), ${OWN_PLACES}) - 1 from routes where tenant_id = $1 and channel = $2
     on conflict (tenant_id, channel, account_id) do update set place = excluded.place, retired_at = null`,
    [tenantId, channel, accountId],
  );
}
