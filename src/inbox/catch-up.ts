import { type Database, isOutage } from '../db/index.ts';
import { wake } from '../events/index.ts';
import { isKnown } from '../lib/errors.ts';
import type { AccountId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import {
  AT_HOME,
  type ChannelName,
  type GatewayBook,
  type InboundMessage,
  passOn,
  USED_TODAY,
} from '../messaging/index.ts';

/*
 * A STOP that came while nobody listened counts (G5). Each account remembers until when its inbound messages are known;
 * processes that receive webhooks move that mark on while they live. Where the mark is old, the gateway is asked for what
 * came since, and nothing automated leaves from this account before that is done. An account whose messages nobody brings
 * to us (a mailbox) has no such mark but the one that asking left: it is asked again before each round. After a gap
 * everybody waits for everybody: a STOP to one sender counts for all. A mailbox that was read since is not waited for long:
 * what it has not told yet is like a webhook that is still on its way.
 *
 * A list that cannot be read is waited for once; from then on it is asked for behind everybody's back, so that one business's
 * broken gateway slows nobody (G9). Until it is read its account is *unheard*: whoever has had to do with it may have stopped
 * there, and gets nothing automated by any sender; what waits on it for others goes by another one.
 */

/** A mark older than this means that nobody was listening. */
const GAP_SECONDS = 8;
/** Asked for a little more than the gap: clocks differ, and the same message twice has one effect. */
const MARGIN_MS = 120_000;

export interface CatchUp {
  /** The accounts from which messages may leave now; catches up on the others first. */
  serveable(): Promise<AccountId[]>;
  /** Not among them: whose gateway brings messages to us, and could not say what came while nobody listened. */
  unheard(): readonly AccountId[];
  /** Says that a receiver of webhooks is alive. Does not hide a gap, and opens one when something was missed. */
  beat(): Promise<void>;
  /** A process has just started: whether anybody listened until now is not known. */
  started(): Promise<void>;
  /** A webhook came that could not be stored. The next beat opens a gap. */
  missed(): void;
}

interface Row {
  id: AccountId;
  vendor: string;
  credentialId: string | null;
  channel: ChannelName;
  sender: string;
  seenUntil: Date;
  /** `seenUntil` to the microsecond. */
  mark: string;
  fresh: boolean;
  /** Its day is not used up. One whose day is brings messages all the same. */
  hasRoom: boolean;
}

/** How long the other accounts wait for a mailbox that was read since the last gap, in machine ms. */
const PATIENCE_MS = 2000;
/** How long they wait for one that could not be read before: for one that refuses at once, or works again. */
const MOMENT_MS = 250;

const FRESH = `seen_until > clock_timestamp() - interval '${GAP_SECONDS} seconds'`;

export function createCatchUp(deps: {
  db: Database;
  log: Logger;
  gateways: GatewayBook;
  receive(message: InboundMessage): Promise<void>;
  patienceMs?: number;
}): CatchUp {
  const { db, log, gateways, patienceMs = PATIENCE_MS } = deps;
  const running = new Map<AccountId, Promise<boolean>>();
  /** Mailboxes read since the last gap that this process knows of. */
  const readOnce = new Set<AccountId>();
  /** Asked for longer than the others wait. */
  const slow = new Set<AccountId>();
  /** Could not be read when it was asked last; whether its gateway brings messages to us. */
  const failed = new Map<AccountId, boolean>();
  let unheard: AccountId[] = [];
  let gap = false;

  async function catchUp(account: Row): Promise<boolean> {
    const gateway = await gateways.of(account);
    if (!gateway) return false;
    const [clock] = await db.system.query<{ now: Date }>('select clock_timestamp() as now');
    const since = new Date(account.seenUntil.getTime() - MARGIN_MS);
    try {
      const missed = await gateway.listInbound({ channel: account.channel, to: account.sender, since });
      for (const message of missed) await receive(message);
    } catch (error) {
      const other = await otherAccess(account, error);
      if (other) return catchUp(other);
      log.warn(
        { err: error, account: account.id },
        'inbound messages could not be listed; nothing is sent from this account until they are',
      );
      // unless somebody else has read it meanwhile; an alert tells of it when it lasts
      await db.system.query(
        `update accounts set unread_since = clock_timestamp() where id = $1 and unread_since is null and not (${FRESH})`,
        [account.id],
      );
      return false;
    }
    // a mark that was moved meanwhile stays: a gap may have been opened after we had asked, or somebody else was faster
    const [row] = await db.system.query<{ fresh: boolean }>(
      `with closed as (update accounts set seen_until = $2, unread_since = null where id = $1 and seen_until = $3::timestamptz returning id)
       select ${FRESH} or exists (select from closed) as fresh from accounts where id = $1`,
      [account.id, clock?.now, account.mark],
    );
    return row?.fresh ?? false;
  }

  /** The account by another business's access to it, where its own was refused and that one was not. */
  async function otherAccess(account: Row, error: unknown): Promise<Row | undefined> {
    if (account.credentialId === null || !isKnown(error) || error.code !== 'misconfigured') return undefined;
    const passed = await passOn(db.system, account.id, account.credentialId);
    return passed?.works ? { ...account, credentialId: passed.credentialId } : undefined;
  }

  /** One message that cannot be processed is stored, tried again and parked like any other; it does not hold up the rest. */
  async function receive(message: InboundMessage): Promise<void> {
    try {
      await deps.receive(message);
    } catch (error) {
      if (isOutage(error)) throw error;
      log.warn({ err: error }, 'a listed message could not be processed yet');
    }
  }

  async function openGap(): Promise<void> {
    readOnce.clear();
    // moved in any case, so that whoever is asking the gateway at this moment does not close it
    await db.system.query(
      `update accounts set seen_until = least(seen_until, clock_timestamp() - interval '${GAP_SECONDS + 1} seconds')
         - interval '1 millisecond'
       where vendor = any($1::text[]) or credential_id is not null`,
      [[...gateways.platform.keys()]],
    );
  }

  function once(account: Row): Promise<boolean> {
    const known = running.get(account.id);
    if (known) return known;
    const run = catchUp(account).finally(() => running.delete(account.id));
    running.set(account.id, run);
    return run;
  }

  /**
   * A mailbox that takes its time, and a list that could not be read, hold up their own account alone; whatever waits there
   * leaves when they have answered.
   */
  async function open(account: Row): Promise<boolean> {
    const { id } = account;
    if (slow.has(id)) return false;
    const gateway = await gateways.of(account);
    const pulls = gateway?.capabilities.pulls === true;
    const run = once(account).then((read) => {
      if (read) failed.delete(id);
      else failed.set(id, !pulls && gateway?.holds === undefined);
      return read;
    });
    if (!failed.has(id) && !(pulls && readOnce.has(id))) {
      const read = await run;
      if (pulls && read) readOnce.add(id);
      return read;
    }
    const patience = failed.has(id) ? Math.min(MOMENT_MS, patienceMs) : patienceMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        slow.add(id);
        run
          .then((read) => (read ? wake(db.system, 'messages') : undefined))
          .catch((error) => log.warn({ err: error }, 'catching up failed, it is tried again before each send'))
          .finally(() => slow.delete(id));
        resolve(false);
      }, patience);
    });
    return Promise.race([run, late]).finally(() => clearTimeout(timer));
  }

  return {
    async serveable() {
      const rows = await db.system.query<Row>({
        name: 'accounts-serveable',
        text: `select id, vendor, credential_id as "credentialId", channel, sender, seen_until as "seenUntil", seen_until::text as mark, ${FRESH} as fresh,
            (daily_limit is null or daily_limit > ${USED_TODAY}) as "hasRoom"
          -- not one that every tenant which had it has put away
          from accounts where coalesce((select bool_or(r.retired_at is null) from routes r where r.account_id = accounts.id), true)`,
      });
      const ours = rows.filter(({ credentialId, vendor, sender }) => {
        if (credentialId !== null) return true;
        const gateway = gateways.platform.get(vendor);
        return gateway !== undefined && (gateway.holds?.(sender) ?? true);
      });
      // another process has read it meanwhile
      for (const { id, fresh } of ours) if (fresh) failed.delete(id);
      const mayLeave = await Promise.all(ours.map(async (row) => row.fresh || (await open(row))));
      unheard = ours.flatMap(({ id }, index) => (!mayLeave[index] && failed.get(id) ? [id] : []));
      return ours.filter(({ hasRoom }, index) => hasRoom && mayLeave[index]).map((row) => row.id);
    },
    unheard: () => unheard,
    async beat() {
      if (gap) {
        gap = false;
        return openGap().catch((error) => {
          gap = true;
          throw error;
        });
      }
      await db.system.query(
        // on a copy that nobody has noticed yet the marks say up to when it knows what happened
        `update accounts set seen_until = clock_timestamp() where ${FRESH} and not vendor = any($1::text[]) and ${AT_HOME}`,
        [gateways.pulling],
      );
    },
    started: openGap,
    missed() {
      gap = true;
    },
  };
}
