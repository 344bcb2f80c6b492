import type { Database, Sql } from '../db/index.ts';
import { append, type EventData } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { AccountId, TenantId } from '../lib/ids.ts';
import { inTime } from '../lib/in-time.ts';
import type { Logger } from '../lib/logger.ts';
import {
  type Account,
  accountIdOf,
  type Credentials,
  type Diverted,
  demand,
  type Outcome,
  type Playbooks,
  type Route,
  type RoutingBook,
  type Sender,
  type Senders,
  type SettingChanges,
  type Staff,
  type Tenants,
} from '../tenants/index.ts';
import { settleSender } from './arrange.ts';
import type { GatewayBook, OwnGateways } from './gateway-book.ts';
import { type Kept, type KeptSender, keepSenders, type NewAccess } from './keep-senders.ts';
import type { SendOutcome } from './port.ts';
import { divertRetired } from './retire.ts';
import { type AccountState, readStates } from './sender-figures.ts';
import { changeTerms, learnPrices, type TermChange, type Terms } from './sender-terms.ts';
import { type TriedWith, tryingOut } from './try-sender.ts';

export interface ChannelDesk {
  /** The tenant's accounts in the order in which they are tried. */
  states(tenantId: TenantId): Promise<AccountState[]>;
  /**
   * Keeps access that was tried just now, and puts its senders first: a change of settings, which may wait for a second person.
   * Given anew it replaces what was there, without a restart. Throws `misconfigured` in the gateway's words when it is not right,
   * or names a sender of the platform's.
   */
  connect(staff: Staff, access: NewAccess): Promise<{ renewed: boolean; outcome: Outcome }>;
  /** Tries an account first on its channel: a change of settings too. */
  first(staff: Staff, accountId: string): Promise<{ account: Account; outcome: Outcome }>;
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
  /**
   * Puts a sender away, and says what became of what waited for it: a change of settings that waits for nobody. A linked phone is
   * unlinked instead: `validation_error`.
   */
  remove(staff: Staff, accountId: string): Promise<{ account: Account; diverted: Diverted; outcome: Outcome }>;
  /** What a sender shares with other businesses, after a change of this one's; see `sender.settle`. */
  settle(tenantId: TenantId, accountId: AccountId): Promise<void>;
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
  changes: SettingChanges;
  gateways: GatewayBook;
  own: OwnGateways | undefined;
  tenants: Pick<Tenants, 'byId' | 'settings'>;
  playbooks: Playbooks;
  statusUrl(account: Account): string;
}

const TEST_MS = 10_000;
/** Slack wants an answer to a window within three seconds. */
const TRY_MS = 2200;

export function createChannelDesk(deps: ChannelDeskDeps): ChannelDesk {
  const { db, clock, log, credentials, routing, changes, gateways, own } = deps;

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

  async function settle(tenantId: TenantId, accountId: AccountId): Promise<void> {
    const [kept] = await db.system.transaction(async (sql) => {
      await settleSender(sql, tenantId, accountId);
      const which = 'select credential_id as id from accounts where id = $1 and credential_id is not null';
      return sql.query<{ id: string }>(which, [accountId]);
    });
    if (kept) credentials.forget(kept.id);
    routing.forget(tenantId);
  }

  return {
    states: (tenantId) => readStates(db.system, tenantId, clock.now()),

    async connect(staff, access) {
      demand(staff, 'channels.change');
      await tryAccess(access);
      const kept = await db.system.transaction((sql) => keepSenders(sql, credentials, staff, access));
      const outcome = await changes.make(staff, {
        patch: ({ senders }) => ({ senders: kept.senders.reduce(putFirst, givenAnew(senders, kept)) }),
        ...(kept.replaces && { access: kept.replaces }),
      });
      // it works when this returns; where a second person has to agree, the change's effects see to it
      if (outcome.kind !== 'waits') for (const each of kept.senders) await settle(staff.tenantId, accountIdOf(each));
      return { renewed: kept.renewed, outcome };
    },

    async first(staff, accountId) {
      demand(staff, 'channels.change');
      const account = await accountOf(staff, accountId);
      const outcome = await changes.make(staff, {
        patch: ({ senders }) => ({
          senders: putFirst(senders, { channel: account.channel, ...found(senders, account) }),
        }),
      });
      return { account, outcome };
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
      const outcome = await changes.make(staff, {
        patch: ({ senders }) => ({ senders: { ...senders, [account.channel]: others(senders, account) } }),
      });
      await settle(staff.tenantId, account.id);
      const diverted = (outcome.kind === 'counts' && outcome.diverted) || { moved: 0, held: 0 };
      return { account, diverted, outcome };
    },

    settle,

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

type Known = Pick<Account, 'id' | 'channel'>;

const others = (senders: Senders, { id, channel }: Known): Sender[] =>
  (senders[channel] ?? []).filter((each) => each.id !== id);

/** The sender as it stands in the order. */
function found(senders: Senders, { id, channel }: Known): Sender {
  const sender = senders[channel]?.find((each) => each.id === id);
  if (sender) return sender;
  throw new KnownError('not_found', 'no such sender', 'That sender is not connected (any more).');
}

/** The order with a sender at the head of its channel. Pure. */
export const putFirst = (senders: Senders, { channel, ...sender }: KeptSender): Senders => ({
  ...senders,
  [channel]: [sender, ...others(senders, { id: accountIdOf(sender), channel })],
});

/** Those that leave by the same access have it anew as well. */
const givenAnew = (senders: Senders, { kin, given }: Kept): Senders =>
  Object.fromEntries(
    Object.entries(senders).map(([channel, list]) => [
      channel,
      list.map((each) => (kin.includes(accountIdOf(each)) ? { ...each, given } : each)),
    ]),
  );
