import type { Database, Sql } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { AddressId, TenantId } from '../lib/ids.ts';
import { memo } from '../lib/memo.ts';
import type { Account, Route } from '../tenants/index.ts';

/*
 * WhatsApp's limit of new people: so many different ones may be written to outside their window in any 24 hours, counted over
 * all numbers of a business portfolio ("Messaging limits" of the WhatsApp Business Platform). We know a portfolio by the access
 * to a gateway that its numbers share. Each person has one row with the last time, so that no row is every message's to write;
 * who draws from a limit does so one after the other, under a lock of that limit alone. A place that was taken for a message
 * which did not leave after all stays taken for its day: better too few than too many.
 */

/** The limit's window. */
const DAY_MS = 86_400_000;

/** Somebody who is about to be written to outside their window. */
export interface NewPerson {
  tenantId: TenantId;
  addressId: AddressId;
}

export interface NewPeople {
  /**
   * Takes places for these people, in this order, out of what the account's portfolio allows at `now` (business time). Returns
   * from when on those who found none may be tried again; who is missing in it has a place. Asked for again, nobody takes a
   * second place.
   */
  take(account: Account, people: readonly NewPerson[], now: Date): Promise<Map<AddressId, Date>>;
  /**
   * Until when somebody new who is written to by WhatsApp finds no place, behind those who wait already; null while there is one
   * with one of these senders, or no limit. For people to see: it is some seconds old, and nothing is taken.
   */
  fullUntil(routes: readonly Pick<Route, 'account'>[]): Promise<Full | null>;
  /** How many new people these senders take now, all together; null where one of them has no limit. For people to see. */
  room(routes: readonly Pick<Route, 'account'>[]): Promise<Room | null>;
}

/** Places that are free, of so many in 24 hours. */
export interface Room {
  free: number;
  most: number;
}

/** A limit that is used up: how many people it allows in 24 hours, and from when on there is a place (business time). */
export interface Full {
  most: number;
  until: Date;
}

/** How old what people are shown may be. */
const SHOWN_MS = 2000;

/** What shares one limit. */
export const portfolioOf = ({ vendor, gatewayAccount }: Pick<Account, 'vendor' | 'gatewayAccount'>): string =>
  `${vendor}/${gatewayAccount}`;

/** Whether an account has such a limit; a linked phone writes free text, and WhatsApp counts nothing there. */
export const countsNewPeople = ({ channel, freeText, newPeopleLimit }: Account): boolean =>
  channel === 'whatsapp' && freeText !== true && newPeopleLimit != null;

const FORGET = {
  name: 'openings-forget',
  text: `delete from whatsapp_openings where portfolio = $1 and at <= $2`, // whatsapp_openings_at
};

const TAKE = {
  name: 'openings-take',
  // whatsapp_openings_at, and the primary key
  text: `with asked as (
      select address_id, (array_agg(tenant_id))[1] as tenant_id, min(n) as n
      from unnest($2::uuid[], $3::uuid[]) with ordinality as a(address_id, tenant_id, n) group by address_id),
    known as (
      select a.address_id from asked a join whatsapp_openings o on o.portfolio = $1 and o.address_id = a.address_id),
    room as (select $4 - count(*) as places from whatsapp_openings where portfolio = $1),
    fresh as (
      select a.*, row_number() over (order by a.n) as turn from asked a
      where a.address_id not in (select address_id from known)),
    taken as (
      insert into whatsapp_openings (portfolio, tenant_id, address_id, at)
      select $1, a.tenant_id, a.address_id, $5 from asked a
      where a.address_id not in (select address_id from fresh f, room r where f.turn > r.places)
      on conflict (portfolio, address_id) do update set at = greatest(whatsapp_openings.at, excluded.at))
    select f.address_id as id from fresh f, room r where f.turn > r.places order by f.turn`,
};

const QUEUE = {
  name: 'openings-queue',
  // messages_new_people by the portfolio's accounts; whatsapp_openings_at
  text: `with ahead as (
      -- how many are held stands here, so that places are found by hashing
      select count(*) as n, (select count(*) from whatsapp_openings where portfolio = $1) as held from messages m
      where m.state = 'scheduled' and m.reason like 'new_people:%' and m.due_at > $2
        and m.account_id in (select id from accounts where channel = 'whatsapp' and vendor || '/' || gateway_account = $1)),
    places as (select at, row_number() over (order by at) - 1 as k from whatsapp_openings where portfolio = $1)
    select p.at, (a.n + q.i) / $3::int as rounds
    from ahead a cross join generate_series(0, $4::int - 1) as q(i) join places p on p.k = a.held - $3::int + (a.n + q.i) % $3::int
    order by q.i`,
};

const ROOM = {
  name: 'openings-room',
  // whatsapp_openings_at
  text: `select sum(p.most)::int as most, sum(greatest(p.most - (
      select count(*) from whatsapp_openings o where o.portfolio = p.portfolio and o.at > $3), 0))::int as free
    from unnest($1::text[], $2::int[]) as p(portfolio, most)`,
};

/** Those whose limits count together; null where one of them has none, or there is none. */
function limitedSenders(routes: readonly Pick<Route, 'account'>[]): Account[] | null {
  const senders = routes
    .map(({ account }) => account)
    .filter(({ channel, freeText }) => channel === 'whatsapp' && !freeText);
  return senders.length > 0 && senders.every(countsNewPeople) ? senders : null;
}

export function createNewPeople(deps: { db: Database; clock: Clock }): NewPeople {
  const { db, clock } = deps;
  /** When each of `count` people who found no place gets one: the places that are taken come free in their order. */
  async function queue(sql: Sql, portfolio: string, limit: number, count: number, now: Date): Promise<Date[]> {
    const rows = await sql.query<{ at: Date; rounds: string }>(QUEUE, [portfolio, now, limit, count]);
    return rows.map(({ at, rounds }) => freeFrom(at, Number(rounds)));
  }

  const shown = memo(clock, SHOWN_MS, async (key: string): Promise<Full | null> => {
    const [portfolio, most] = JSON.parse(key) as [string, number];
    const now = clock.now();
    const [until] = await queue(db.system, portfolio, most, 1, now);
    return until && until > now ? { most, until } : null;
  });

  return {
    async fullUntil(routes) {
      const senders = limitedSenders(routes);
      if (!senders) return null;
      const limits = await Promise.all(
        senders.map((account) => shown.get(JSON.stringify([portfolioOf(account), account.newPeopleLimit]))),
      );
      const full = limits.filter((limit) => limit !== null).sort((a, b) => a.until.getTime() - b.until.getTime());
      return full.length === limits.length ? (full[0] ?? null) : null;
    },
    async room(routes) {
      const limits = new Map(limitedSenders(routes)?.map((each) => [portfolioOf(each), each.newPeopleLimit ?? 0]));
      if (limits.size === 0) return null;
      const dayAgo = new Date(clock.now().getTime() - DAY_MS);
      const [room] = await db.system.query<Room>(ROOM, [[...limits.keys()], [...limits.values()], dayAgo]);
      return room ?? null;
    },
    async take(account, people, now) {
      const limit = account.newPeopleLimit;
      if (!countsNewPeople(account) || limit == null || people.length === 0) return new Map();
      const portfolio = portfolioOf(account);
      return db.system.transaction(async (sql) => {
        // a statement of its own: the count has to see what the one before wrote
        await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`openings/${portfolio}`]);
        await sql.query(FORGET, [portfolio, new Date(now.getTime() - DAY_MS)]);
        const without = await sql.query<{ id: AddressId }>(TAKE, [
          portfolio,
          people.map(({ addressId }) => addressId),
          people.map(({ tenantId }) => tenantId),
          limit,
          now,
        ]);
        if (without.length === 0) return new Map();
        const times = await queue(sql, portfolio, limit, without.length, now);
        return new Map(without.map(({ id }, index) => [id, times[index] ?? new Date(now.getTime() + DAY_MS)]));
      });
    },
  };
}

/** When a place taken at `at` is free for whoever is behind so many full rounds of others; a second later, to be sure. */
const freeFrom = (at: Date, rounds: number) => new Date(at.getTime() + (1 + rounds) * DAY_MS + 1000);
