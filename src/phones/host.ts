import type { Database } from '../db/index.ts';
import type { HiddenNumbers, TypedMessage } from '../inbox/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { AccountId, StaffId, TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { open, seal } from '../lib/secrets.ts';
import type { InboundMessage, StatusReport } from '../messaging/index.ts';
import { isHidden } from '../people/index.ts';
import type { Tenants } from '../tenants/index.ts';
import { showPhone } from './book.ts';
import { codePlace, lockHeld, remaining, sessionPlace } from './holding.ts';
import { becomeLinked, becomeLost, becomeUnlinked } from './link.ts';
import { type Attempt, attemptOf, attemptsBehind } from './own.ts';
import { dailyCap, gapSeconds, type Pace, typingMs } from './pace.ts';
import type { Ending, PhoneHost } from './port.ts';
import type { Hold } from './types.ts';

export interface HostDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Pick<Tenants, 'keys'>;
  worker: number;
  pace: Pace;
  /** 0 to 1. */
  random: () => number;
  /** Takes in a customer's message, once however often it comes. */
  receive(message: InboundMessage): Promise<void>;
  /** Applies delivery reports, and lets what is due because of them leave. */
  report(reports: readonly StatusReport[]): Promise<void>;
  /** Somebody wrote to a customer on the phone itself; `staffId` is asked about it when nobody owns the lead. */
  typed(tenantId: TenantId, message: TypedMessage, staffId: StaffId): Promise<void>;
  /** A customer took a message back. */
  withdrawn(tenantId: TenantId, gatewayAccount: string, gatewayId: string): Promise<void>;
  /** Whose the chats are in which WhatsApp hides the number. */
  hidden: HiddenNumbers;
  /** What a tenant sends with has changed. */
  rerouted(tenantId: TenantId): void;
  /** Lets an account rest. */
  rest(accountId: AccountId, seconds: number): Promise<void>;
}

/** Connections that broke in a row before a phone that was never linked is given up. */
const LINK_TRIES = 3;
const LONGEST_RETRY_SECONDS = 300;

/**
 * What one connection's news do. Each is checked against the hold in its own transaction, so that a process that was frozen
 * and wakes up after somebody else took over changes nothing. `over` is called once the connection is of no more use.
 */
export function createHost(deps: HostDeps, hold: Hold, over: (logOut: boolean) => void): PhoneHost {
  const { db, clock, worker, pace, log } = deps;
  let account: { id: AccountId; name: string; askedBy: StaffId } | undefined;

  const inHold = (work: Parameters<typeof heldTransaction>[2]) => heldTransaction(deps, hold, work);

  const known = () => {
    if (!account) throw new KnownError('unavailable', 'phone without a number', 'The phone is not linked yet.');
    return account;
  };

  /** What went to a number shows whose the chat is in which it is found. */
  async function learn(chat: string, { to }: Attempt): Promise<void> {
    if (to !== null && isHidden(chat) && !isHidden(to)) await deps.hidden.met(hold.tenantId, chat, to);
  }

  async function linked(number: string): Promise<void> {
    if (!/^\+\d{6,15}$/.test(number)) return refused('no_number');
    const outcome = await inHold(async (sql, { state, linkedAt }) => {
      const dailyLimit = dailyCap(pace, linkedAt ?? new Date(clock.machine()), clock.machine());
      return becomeLinked(sql, hold, state, { number, rate: pace.rate, dailyLimit }, clock.now());
    });
    if (outcome === 'taken') return refused('number_taken');
    const [row] = await db.system.query<{ id: AccountId; name: string; askedBy: StaffId }>(
      `select a.id, a.gateway_account as name, p.asked_by as "askedBy" from linked_phones p join accounts a on a.id = p.account_id where p.id = $1`,
      [hold.id],
    );
    account = row;
    deps.rerouted(hold.tenantId);
  }

  async function refused(reason: 'no_number' | 'number_taken'): Promise<void> {
    await inHold((sql) => becomeUnlinked(sql, hold, 'refused', reason, clock.now()));
    over(true);
  }

  async function ended(ending: Ending): Promise<void> {
    await inHold(async (sql, { state, failures }) => {
      if (ending.kind === 'not_scanned') return becomeUnlinked(sql, hold, 'expired', null, clock.now());
      if (ending.kind === 'logged_out' && state !== 'linking') {
        return becomeUnlinked(sql, hold, 'logged_out', null, clock.now());
      }
      if (state === 'linking' && failures + 1 >= LINK_TRIES) {
        return becomeUnlinked(sql, hold, 'refused', 'no_connection', clock.now());
      }
      const reason = ending.kind === 'lost' ? ending.why.slice(0, 120) : 'logged_out';
      const retrySeconds = Math.min(LONGEST_RETRY_SECONDS, 5 * 2 ** failures);
      return becomeLost(sql, hold, state, { reason, retrySeconds }, clock.now());
    });
    deps.rerouted(hold.tenantId);
    over(false);
  }

  return {
    async code(text) {
      const { data } = await deps.tenants.keys(hold.tenantId);
      const state = await inHold(async (sql, row) => {
        if (row.state !== 'linking') return row.state;
        const sealed = seal(data, codePlace(hold), text);
        await sql.query('update linked_phones set code = $2 where id = $1', [hold.id, sealed]);
        await showPhone(sql, hold.tenantId, hold.id);
        return row.state;
      });
      // a phone that was linked needs no code unless WhatsApp has forgotten it
      if (state !== undefined && state !== 'linking') await ended({ kind: 'logged_out' });
    },
    ready: linked,
    ended,
    received: (message) => deps.receive(message),
    async own(message) {
      const { id: accountId, name: gatewayAccount, askedBy } = known();
      const mine = await attemptOf(db.system, accountId, message.gatewayId);
      if (mine) return learn(message.chat, mine);
      const to = await message.to();
      const { data } = await deps.tenants.keys(hold.tenantId);
      const place = { accountId, tenantId: hold.tenantId, dataKey: data };
      const attempts = await attemptsBehind(db.system, place, { ...message, to });
      const [attempt] = attempts;
      if (attempt) {
        // two that fit are none: a guess is no proof
        if (attempts.length > 1) return;
        const { messageId, attempt: number } = attempt;
        await deps.report([{ messageId, attempt: number, gatewayId: message.gatewayId, status: 'sent' }]);
        return learn(message.chat, attempt);
      }
      const { gatewayId, body } = message;
      await deps.typed(hold.tenantId, { accountId, gatewayAccount, gatewayId, to, body }, askedBy);
    },
    async reported({ gatewayId, status, attempt }) {
      const whose = attempt ?? (await attemptOf(db.system, known().id, gatewayId));
      if (!whose) return;
      const failure = status === 'failed' ? { failure: { reason: 'unknown' as const, code: 'whatsapp_error' } } : {};
      const { messageId, attempt: number } = whose;
      await deps.report([{ messageId, attempt: number, gatewayId, status, ...failure }]);
    },
    withdrawn: (gatewayId) => deps.withdrawn(hold.tenantId, known().name, gatewayId),
    async soleUntil() {
      const asked = clock.machine();
      const ms = await remaining(db.system, worker, hold);
      return ms === null ? null : asked + ms;
    },
    sent() {
      if (!account) return;
      const seconds = gapSeconds(pace, deps.random());
      deps.rest(account.id, seconds).catch((error) => log.warn({ err: error }, 'a phone could not be given its rest'));
    },
    hidden: {
      numberOf: (id) => deps.hidden.numberOf(hold.tenantId, id),
      met: (id, number) => deps.hidden.met(hold.tenantId, id, number),
    },
    typingMs: (body) => typingMs(pace, body),
    session: {
      async load() {
        const { data } = await deps.tenants.keys(hold.tenantId);
        const [row] = await db.system.query<{ content: Buffer }>(
          'select content from phone_sessions where phone_id = $1',
          [hold.id],
        );
        return row ? open(data, sessionPlace(hold), row.content) : null;
      },
      async save(content) {
        const { data } = await deps.tenants.keys(hold.tenantId);
        const sealed = seal(data, sessionPlace(hold), content);
        const saved = await inHold(async (sql) => {
          await sql.query(
            `insert into phone_sessions (phone_id, tenant_id, content, term) values ($1, $2, $3, $4)
             on conflict (phone_id) do update set content = excluded.content, term = excluded.term,
               saved_at = clock_timestamp()`,
            [hold.id, hold.tenantId, sealed, hold.term],
          );
          return true;
        });
        if (!saved) throw new KnownError('conflict', 'phone is held elsewhere', 'Another process holds this phone.');
      },
    },
  };
}

/** Runs `work` with the phone's row locked, if the hold is still ours; undefined when it is not. */
async function heldTransaction<T>(
  { db, worker }: Pick<HostDeps, 'db' | 'worker'>,
  hold: Hold,
  work: (sql: Parameters<typeof lockHeld>[0], row: NonNullable<Awaited<ReturnType<typeof lockHeld>>>) => Promise<T>,
): Promise<T | undefined> {
  return db.system.transaction(async (sql) => {
    const row = await lockHeld(sql, worker, hold);
    return row && work(sql, row);
  });
}
