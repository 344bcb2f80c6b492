import type { Database, Sql } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { AccountId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { Account, RoutingBook } from '../tenants/index.ts';
import { passOn } from './access.ts';
import { type Breaker, createBreaker, RESTS, type RestReason, restSeconds, signOf } from './breaker.ts';
import type { SendOutcome } from './port.ts';
import { createVolumes, type Sent } from './volumes.ts';

/** What is kept of outcomes, by account: figures for people, and the breaker. */
export interface Health {
  /**
   * One outcome of an account; `rests` as its route said, `credentialId` the access it left by, `of` what was sent for whom, `ms`
   * from the request to the answer. Never throws.
   */
  saw(
    account: Pick<Account, 'id' | 'credentialId'> & { rests: number },
    outcome: SendOutcome,
    ms: number,
    of?: Sent,
  ): void;
  /**
   * A report on what an account had taken, once its attempt speaks of how the account does now: it left (`well`), or our sender
   * was refused (`reported`). After such a rest only a report proves that the account works again. Never throws.
   */
  heard(account: { id: AccountId; rests: number }, sign: 'well' | 'reported'): void;
  /** Writes down what was seen, and resolves when every rest and recovery is. */
  settle(): Promise<void>;
}

interface Seen {
  taken: number;
  refused: number;
  denied: number;
  throttled: number;
  silent: number;
  ms: number;
}

/** Figures are written together, so that an account's row is not what its sends wait for. */
const WRITE_MS = 1000;
/** How long nothing is handed over by an access that was refused: as long as routes may be known from before. */
const LOOK_MS = 1000;

/*
 * The account rests, unless it does already, twice as long as the last time; after it tokens begin at none, so that few
 * messages try whether it works. Each tenant that uses it has it in its log, once for a row of rests. $6: only if it leaves by this
 * access, since what another one was refused for says nothing any more.
 */
const REST = {
  name: 'accounts-rest',
  text: `with rested as (
      update accounts set rests = least(rests + 1, 100), rest_reason = $2, tokens = 0,
        rests_until = clock_timestamp() + make_interval(secs => least($5::float8, $4::float8 * 2 ^ least(rests, 10))),
        refilled_at = clock_timestamp() + make_interval(secs => least($5::float8, $4::float8 * 2 ^ least(rests, 10)))
      where id = $1 and (rests_until is null or rests_until <= clock_timestamp())
        and ($6::uuid is null or credential_id = $6)
      returning id, channel, vendor, rests, rests_until),
    logged as (
      insert into events (tenant_id, type, at, actor, data)
      select r.tenant_id, 'sender.rested', $3, 'system', jsonb_build_object('channel', x.channel, 'vendor', x.vendor, 'reason', $2::text,
        'next', (select b.vendor from routes n join accounts b on b.id = n.account_id
          where n.tenant_id = r.tenant_id and n.retired_at is null and n.channel = x.channel and b.id <> x.id
            and (b.rests_until is null or b.rests_until <= clock_timestamp()) order by n.place, b.id limit 1))
      from rested x join routes r on r.account_id = x.id and r.retired_at is null where x.rests = 1)
    select rests, extract(epoch from rests_until - clock_timestamp())::int as seconds from rested`,
};

/** Lets an account rest that is known not to answer, unless it does already. Returns whether it does so from now on. */
export async function restSilent(sql: Sql, id: AccountId, seconds: number, now: Date): Promise<boolean> {
  return (await sql.query(REST, [id, 'silent' satisfies RestReason, now, seconds, seconds, null])).length > 0;
}

const RECOVER = {
  name: 'accounts-recover',
  // one that was on its way when the rest began proves nothing; $3: it was reported to have left
  text: `with recovered as (
      update accounts set rests = 0, rests_until = null, rest_reason = null
      where id = $1 and rests > 0 and rests_until <= clock_timestamp() and ($3 or rest_reason is distinct from 'reported')
      returning id, channel, vendor, credential_id),
    accepted as (
      update routes r set refused_at = null from recovered x join credentials c on c.id = x.credential_id
      where r.account_id = x.id and r.tenant_id = c.tenant_id and r.refused_at is not null)
    insert into events (tenant_id, type, at, actor, data)
    select r.tenant_id, 'sender.recovered', $2, 'system', jsonb_build_object('channel', x.channel, 'vendor', x.vendor)
    from recovered x join routes r on r.account_id = x.id and r.retired_at is null returning id`,
};

export function createHealth(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  routing: Pick<RoutingBook, 'rested'>;
}): Health {
  const { db, clock, log, routing } = deps;
  const breakers = new Map<AccountId, Breaker>();
  const seen = new Map<AccountId, Seen>();
  const underWay = new Map<AccountId, Promise<void>>();
  const volumes = createVolumes({ db, log });
  let timer: NodeJS.Timeout | undefined;

  function count(id: AccountId, outcome: SendOutcome, ms: number): void {
    const figures = seen.get(id) ?? { taken: 0, refused: 0, denied: 0, throttled: 0, silent: 0, ms: 0 };
    seen.set(id, figures);
    figures[columnOf(outcome)]++;
    if (outcome.kind === 'accepted' || outcome.kind === 'refused') figures.ms += ms;
    timer ??= setTimeout(() => void write(), WRITE_MS).unref();
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const rows = [...seen];
    seen.clear();
    await volumes.write();
    if (rows.length === 0) return;
    const figures = (of: (figures: Seen) => number) => rows.map(([, each]) => Math.round(of(each)));
    await db.system
      .query(
        // in one order, so that two workers do not wait for each other
        `insert into account_health (account_id, hour, taken, refused, denied, throttled, silent, answer_ms)
         select id, date_trunc('hour', clock_timestamp()), t, r, d, h, s, ms
         from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bigint[]) as u(id, t, r, d, h, s, ms)
         order by id
         on conflict (account_id, hour) do update set taken = account_health.taken + excluded.taken,
           refused = account_health.refused + excluded.refused, denied = account_health.denied + excluded.denied,
           throttled = account_health.throttled + excluded.throttled, silent = account_health.silent + excluded.silent,
           answer_ms = account_health.answer_ms + excluded.answer_ms`,
        [
          rows.map(([id]) => id),
          figures(({ taken }) => taken),
          figures(({ refused }) => refused),
          figures(({ denied }) => denied),
          figures(({ throttled }) => throttled),
          figures(({ silent }) => silent),
          figures(({ ms }) => ms),
        ],
      )
      .catch((error) => log.warn({ err: error }, 'figures of senders could not be written'));
  }

  /** One change of an account at a time; what comes meanwhile says the same again. */
  function change(id: AccountId, work: () => Promise<void>): void {
    if (underWay.has(id)) return;
    const run = work()
      .catch((error) => log.warn({ err: error, account: id }, 'the state of a sender could not be written'))
      .finally(() => underWay.delete(id));
    underWay.set(id, run);
  }

  async function rest(id: AccountId, reason: RestReason, access: string | null): Promise<void> {
    const [row] = await db.system.query<{ rests: number; seconds: number }>(REST, [
      id,
      reason,
      clock.now(),
      RESTS[reason].first,
      RESTS[reason].most,
      access,
    ]);
    if (!row) return; // somebody else has seen it
    routing.rested(id, clock.machine() + row.seconds * 1000);
    log.error(
      { account: id, reason, seconds: row.seconds },
      'a sender rests: check its gateway, its credentials and its number',
    );
  }

  /** What is claimed from now on goes elsewhere, before the row says so. */
  function goesElsewhere(id: AccountId, rests: number, reason: RestReason): void {
    routing.rested(id, clock.machine() + restSeconds(rests + 1, reason) * 1000);
    change(id, () => rest(id, reason, null));
  }

  /** A tenant's own access was refused: perhaps there is somebody else's. Until that is known nothing leaves here. */
  function denied(id: AccountId, access: string): void {
    routing.rested(id, clock.machine() + LOOK_MS);
    change(id, async () => {
      const passed = await passOn(db.system, id, access);
      if (passed) log.warn({ account: id }, 'access to a sender is refused: it leaves by that of another business');
      if (!passed?.works) await rest(id, 'denied', passed?.credentialId ?? access);
    });
  }

  async function recover(id: AccountId, reported: boolean): Promise<void> {
    const rows = await db.system.query(RECOVER, [id, clock.now(), reported]);
    if (rows.length > 0) log.warn({ account: id }, 'a sender works again');
  }

  return {
    saw({ id, rests, credentialId }, outcome, ms, of) {
      count(id, outcome, ms);
      if (of && outcome.kind === 'accepted') volumes.count(id, of);
      const sign = signOf(outcome);
      const breaker = breakers.get(id) ?? createBreaker();
      breakers.set(id, breaker);
      const reason = breaker.sign(sign, rests > 0);
      if (reason === 'denied' && credentialId) {
        denied(id, credentialId);
      } else if (reason) {
        goesElsewhere(id, rests, reason);
      } else if (sign === 'well' && rests > 0) {
        change(id, () => recover(id, false));
      }
    },
    heard({ id, rests }, sign) {
      if (sign === 'reported') goesElsewhere(id, rests, sign);
      else if (rests > 0) change(id, () => recover(id, true));
    },
    async settle() {
      await write();
      await Promise.all(underWay.values());
    },
  };
}

function columnOf(outcome: SendOutcome): 'taken' | 'refused' | 'denied' | 'throttled' | 'silent' {
  if (outcome.kind === 'accepted') return 'taken';
  if (outcome.kind !== 'refused') return 'silent';
  return outcome.reason === 'sender' ? 'denied' : outcome.reason === 'throttled' ? 'throttled' : 'refused';
}
