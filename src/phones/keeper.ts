import { isKnown } from '../lib/errors.ts';
import type { PhoneId } from '../lib/ids.ts';
import { within } from '../lib/within.ts';
import { giveBack, renew, type Taken, take } from './holding.ts';
import { createHost, type HostDeps } from './host.ts';
import { becomeUnlinked, divert, restLost } from './link.ts';
import { dailyCap } from './pace.ts';
import type { PhoneConnection, PhoneHost, PhoneVendor } from './port.ts';
import type { Hold } from './types.ts';

export interface Keeper {
  /** One round: renews what is held here, takes what nobody holds, lets go what is gone. */
  tend(): Promise<void>;
  /** Closes all connections and gives the phones back; the links stay. */
  stop(): Promise<void>;
}

export interface KeeperDeps extends HostDeps {
  /** Without one, this process holds no phones. */
  vendor: PhoneVendor | undefined;
}

/** Phones of one process: each is a browser. */
const CAPACITY = 8;
/** Holds last 20 s and are renewed this often, also while nothing wakes us. */
const RENEW_MS = 6000;
/** Looks in a row at which a connection was not there: then it is made anew. */
const SILENCES = 2;
/** How long a process that stops waits for its browsers: the phones are others' to take after that. */
const CLOSE_MS = 3000;

interface Kept {
  hold: Hold;
  connection: PhoneConnection | undefined;
  host: PhoneHost | undefined;
  /** Closed, or about to be. */
  over: boolean;
  /** Its connection is being asked whether it lives; how often in a row it did not. */
  asked: boolean;
  silences: number;
}

/** Holds phones for this process, and connects them. */
export function createKeeper(deps: KeeperDeps): Keeper {
  const { db, clock, log, worker, vendor } = deps;
  const kept = new Map<PhoneId, Kept>();
  const closing = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** Closes in the background; nothing of it reaches anybody any more. */
  function drop(phone: Kept, logOut: boolean): void {
    if (phone.over) return;
    phone.over = true;
    if (kept.get(phone.hold.id) === phone) kept.delete(phone.hold.id);
    const { connection } = phone;
    const work = (logOut ? connection?.logOut() : connection?.close()) ?? Promise.resolve();
    const done = work
      .catch((error) => log.warn({ err: error, phone: phone.hold.id }, 'a phone could not be closed in order'))
      .finally(() => closing.delete(done));
    closing.add(done);
  }

  async function renewAll(): Promise<void> {
    const phones = [...kept.values()];
    const ours = new Map(
      (
        await renew(
          db.system,
          worker,
          phones.map(({ hold }) => hold),
        )
      ).map((row) => [row.id, row]),
    );
    for (const phone of phones) {
      const row = ours.get(phone.hold.id);
      // somebody else holds it, or it is gone: the link itself is not ours to take away
      if (!row) drop(phone, false);
      else if (row.leaving) await leave(phone);
    }
  }

  /** A browser that died or hangs tells nothing, and what customers write would not be heard of. Beside all else: it may take its time. */
  async function look(phone: Kept): Promise<void> {
    if (phone.asked || !phone.connection || !phone.host) return;
    phone.asked = true;
    try {
      phone.silences = (await phone.connection.lives()) ? 0 : phone.silences + 1;
      if (phone.silences < SILENCES || phone.over) return;
      log.warn({ phone: phone.hold.id }, 'a phone’s WhatsApp Web does not answer; it is opened anew');
      await phone.host.ended({ kind: 'lost', why: 'no_answer' });
    } catch (error) {
      log.warn({ err: error, phone: phone.hold.id }, 'a phone could not be looked after; it is tried again');
    } finally {
      phone.asked = false;
    }
  }

  async function leave(phone: Kept): Promise<void> {
    const { hold } = phone;
    await db.system.transaction((sql) => becomeUnlinked(sql, hold, 'removed', null, clock.now()));
    deps.rerouted(hold.tenantId);
    drop(phone, true);
  }

  async function connect(taken: Taken, by: PhoneVendor): Promise<void> {
    const { id, tenantId, term } = taken;
    const hold = { id, tenantId, term };
    const phone: Kept = { hold, connection: undefined, host: undefined, over: false, asked: false, silences: 0 };
    if (taken.leaving) return leave(phone);
    kept.set(id, phone);
    const host = createHost(deps, hold, (logOut) => drop(phone, logOut));
    phone.host = host;
    try {
      phone.connection = await by.connect(id, host);
      // it ended while it was being made
      if (phone.over) await phone.connection.close();
    } catch (error) {
      drop(phone, false);
      log.warn({ err: error, phone: id }, 'a phone could not be connected');
      const impossible = isKnown(error) && error.code === 'misconfigured';
      if (!impossible) return host.ended({ kind: 'lost', why: 'no_connection' });
      if (taken.state !== 'linking') return host.ended({ kind: 'lost', why: 'no_browser' });
      await db.system.transaction((sql) => becomeUnlinked(sql, phone.hold, 'refused', 'no_browser', clock.now()));
    }
  }

  /** The warm-up: how much may leave today. */
  async function warmUp(): Promise<void> {
    const ids = [...kept.keys()];
    if (ids.length === 0) return;
    const rows = await db.system.query<{ accountId: string; linkedAt: Date; dailyLimit: number | null }>(
      `select a.id as "accountId", p.linked_at as "linkedAt", a.daily_limit as "dailyLimit"
       from linked_phones p join accounts a on a.id = p.account_id where p.id = any($1::uuid[]) and p.state = 'linked'`,
      [ids],
    );
    for (const { accountId, linkedAt, dailyLimit } of rows) {
      const cap = dailyCap(deps.pace, linkedAt, clock.machine());
      if (cap === dailyLimit) continue;
      await db.system.query('update accounts set daily_limit = $2 where id = $1', [accountId, cap]);
    }
  }

  function keepRenewing(): void {
    if (kept.size === 0 || stopped) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    timer ??= setInterval(() => {
      renewAll()
        .then(keepRenewing)
        .catch((error) => log.warn({ err: error }, 'phones could not be renewed; no message leaves from them'));
    }, RENEW_MS).unref();
  }

  return {
    async tend() {
      if (!vendor || stopped) return;
      await renewAll();
      for (const phone of kept.values()) void look(phone);
      const taken = await take(db.system, worker, CAPACITY - kept.size);
      await Promise.all(taken.map((each) => connect(each, vendor)));
      await warmUp();
      const rested = await db.system.transaction((sql) => restLost(sql, clock.now()));
      for (const tenantId of rested) deps.rerouted(tenantId);
      await divert(db.system, clock.now());
      keepRenewing();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      const holds = [...kept.values()].map(({ hold }) => hold);
      for (const phone of kept.values()) drop(phone, false);
      await within(CLOSE_MS, Promise.all(closing));
      await giveBack(db.system, worker, holds).catch((error) =>
        log.warn({ err: error }, 'phones could not be given back, their holds run out'),
      );
    },
  };
}
