import type { Database, Sql } from '../db/index.ts';
import { KnownError } from '../lib/errors.ts';
import type { AccountId, TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { Account } from '../tenants/index.ts';
import type { GatewayBook } from './gateway-book.ts';
import type { Price } from './port.ts';
import { isShared } from './sender-figures.ts';

/*
 * What a platform allows a sender and what it charges, as admins enter it or a gateway tells it. One that other tenants use as
 * well is not one tenant's to change (G9).
 */

/** People a day that WhatsApp lets a portfolio write to first, step by step ("Messaging limits" of its Business Platform). */
export const PEOPLE_TIERS = [250, 1000, 2000, 10_000, 100_000] as const;

/** What is changed of a sender; what is left out stays, null takes it away. */
export interface Terms {
  /** Of all WhatsApp numbers of the same access: they share it. */
  newPeopleLimit?: number | null;
  price?: Price | null;
  /** Messages a second. */
  rate?: number;
}

/** One thing of a sender that was changed, from what to what: `250`, `0.45 SEK`; null is none. */
export interface TermChange {
  what: 'limited' | 'priced' | 'rated';
  from: string | null;
  to: string | null;
}

/** What is different, as figures. What `to` leaves out is not. Pure. */
export function termChanges(from: Required<Terms>, to: Terms): TermChange[] {
  const figure = (value: number | null) => (value === null ? null : String(value));
  const amount = (price: Price | null) => (price === null ? null : `${price.amount} ${price.currency}`);
  const all: (TermChange | false)[] = [
    to.newPeopleLimit !== undefined && {
      what: 'limited',
      from: figure(from.newPeopleLimit),
      to: figure(to.newPeopleLimit),
    },
    to.price !== undefined && { what: 'priced', from: amount(from.price), to: amount(to.price) },
    to.rate !== undefined && { what: 'rated', from: figure(from.rate), to: figure(to.rate) },
  ];
  return all.filter((each) => each !== false).filter((each) => each.from !== each.to);
}

/**
 * Changes what is named, and says what was. `seen` is what whoever changes it looked at: `conflict` when that is something else
 * now. Throws `forbidden` when other tenants use the sender.
 */
export async function changeTerms(
  sql: Sql,
  tenantId: TenantId,
  account: Account,
  terms: Terms,
  seen: Terms,
): Promise<TermChange[]> {
  const kin = await sql.query<{ id: AccountId }>(
    `select id from accounts where vendor = $1 and gateway_account = $2 and channel = 'whatsapp' and not free_text
     order by id for update`,
    [account.vendor, account.gatewayAccount],
  );
  const concerned = terms.newPeopleLimit === undefined ? [account.id] : [account.id, ...kin.map(({ id }) => id)];
  if (await isShared(sql, tenantId, concerned)) {
    const message = 'Other companies send from this number too. Ask whoever runs LeadRescue to change it.';
    throw new KnownError('forbidden', 'sender is shared', message);
  }
  const before = await lockedTerms(sql, account.id);
  if (termChanges(before, seen).length > 0) {
    const message = 'Somebody has changed this sender meanwhile. Open it again and look at how it is now.';
    throw new KnownError('conflict', 'terms moved on', message);
  }
  if (terms.newPeopleLimit !== undefined) {
    await sql.query('update accounts set new_people_limit = $2 where id = any($1::uuid[])', [
      kin.map(({ id }) => id),
      terms.newPeopleLimit,
    ]);
    await planAnew(sql, concerned);
  }
  if (terms.price !== undefined) {
    const { amount = null, currency = null } = terms.price ?? {};
    await sql.query('update accounts set price = $2, price_currency = $3 where id = $1', [
      account.id,
      amount,
      currency,
    ]);
  }
  if (terms.rate !== undefined)
    await sql.query('update accounts set rate = $2 where id = $1', [account.id, terms.rate]);
  return termChanges(before, terms);
}

/**
 * What the configuration says of WhatsApp's limit, which counts for all numbers of that access; an account that says nothing of it
 * keeps what an admin entered.
 */
export async function limitAsConfigured(
  sql: Sql,
  accounts: readonly Pick<Account, 'vendor' | 'gatewayAccount' | 'newPeopleLimit'>[],
): Promise<void> {
  for (const { vendor, gatewayAccount, newPeopleLimit } of accounts) {
    if (newPeopleLimit === undefined) continue;
    const changed = await sql.query<{ id: AccountId }>(
      `update accounts set new_people_limit = $3 where vendor = $1 and gateway_account = $2 and channel = 'whatsapp' and not free_text
         and new_people_limit is distinct from $3 returning id`,
      [vendor, gatewayAccount, newPeopleLimit],
    );
    await planAnew(
      sql,
      changed.map(({ id }) => id),
    );
  }
}

/** An account's terms as an admin entered them, locked. */
async function lockedTerms(sql: Sql, id: AccountId): Promise<Required<Terms>> {
  const [row] = await sql.query<{ people: number | null; price: number | null; currency: string | null; rate: number }>(
    `select new_people_limit as people, price::float as price, price_currency as currency, rate from accounts where id = $1
     for update`,
    [id],
  );
  if (!row) throw new Error('an account vanished');
  const { people, price, currency, rate } = row;
  return {
    newPeopleLimit: people,
    price: price !== null && currency !== null ? { amount: price, currency } : null,
    rate,
  };
}

/** What waits for a place is looked at again now: with another limit there may be one, or it is further away. */
async function planAnew(sql: Sql, ids: readonly AccountId[]): Promise<void> {
  await sql.query(
    // messages_new_people
    `update messages set reason = null, due_at = least(due_at, created_at) where id in (select id from messages
       where state = 'scheduled' and reason like 'new_people:%' and account_id = any($1::uuid[]) for update skip locked)`,
    [ids],
  );
}

/** A price changes rarely; where none was told yet it is asked for again soon. */
const ASK_EVERY = { known: '1 day', unknown: '10 minutes' } as const;

/** Asks gateways that tell it what their messages cost, a few at a time; run now and then by any worker. */
export async function learnPrices(deps: { db: Database; gateways: GatewayBook; log: Logger }): Promise<void> {
  const { db, gateways, log } = deps;
  const asked = await db.system.query<Pick<Account, 'id' | 'vendor' | 'channel' | 'sender' | 'credentialId'>>(
    `update accounts set told_at = clock_timestamp() where id = any(array(select a.id from accounts a
       where exists (select from routes r where r.account_id = a.id and r.retired_at is null)
         and exists (select from account_days d where d.account_id = a.id)
         and (a.told_at is null or a.told_at < clock_timestamp()
           - case when a.told_price is null then interval '${ASK_EVERY.unknown}' else interval '${ASK_EVERY.known}' end)
       order by a.told_at nulls first limit 10 for update skip locked))
     returning id, vendor, channel, sender, credential_id as "credentialId"`,
  );
  for (const { id, channel, sender, ...carried } of asked) {
    const gateway = await gateways.of(carried);
    const price = await gateway?.lastPrice?.({ channel, from: sender }).catch((error: unknown) => {
      log.info({ err: error, account: id }, 'a gateway did not tell what its messages cost');
      return null;
    });
    if (!price) continue;
    await db.system.query('update accounts set told_price = $2, told_currency = $3 where id = $1', [
      id,
      price.amount,
      price.currency,
    ]);
  }
}
