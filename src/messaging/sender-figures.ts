import type { Sql } from '../db/index.ts';
import type { AccountId, TenantId } from '../lib/ids.ts';
import { ACCOUNT_FIELDS, type Account } from '../tenants/index.ts';
import { USED_TODAY } from './due.ts';
import type { Price } from './port.ts';

/** What a tenant sent in a time (days of UTC), and what that costs by the price that is known; null while none is. */
export interface Volume {
  messages: number;
  cost: number | null;
}

/** How an account does, and what the tenant sends by it (machine clock). */
export interface AccountState {
  account: Account;
  /** Connected by the tenant itself. */
  own: boolean;
  /** The gateway refused this tenant's access to it; it leaves by another business's, which has connected it as well. */
  refused: boolean;
  /** Nothing is sent from it for so many minutes more, and why. */
  rests: { reason: string; minutes: number } | null;
  /** Requests of the last 24 hours, those that failed by the gateway's doing, and the mean answer in ms. */
  requests: number;
  failed: number;
  answerMs: number | null;
  /** What its platform takes in a day, and how much of it is used, by whomever. */
  limit: { of: 'people' | 'messages'; used: number; most: number } | null;
  today: Volume;
  week: Volume;
  /** Of a message, or a part of an SMS; as an admin entered it, else as the gateway told it. */
  price: (Price & { from: 'admin' | 'gateway' }) | null;
  /** Codes of refusals in the last 7 days that say something about the sender or its texts, the most frequent first. */
  notices: readonly { code: string; count: number }[];
  /** Messages that wait for a place among the new people. */
  waiting: number;
}

/*
 * Codes that speak of a sender's standing rather than of one customer (www.twilio.com/docs/errors, Sinch's reasons). A rating
 * itself (green, yellow, red) is told by neither where messages are sent.
 */
const QUALITY: Readonly<Record<string, string>> = {
  '30007': 'carriers filter texts as spam',
  '30032': 'the toll-free number is not verified',
  '30034': 'the number is not registered for business texts in the USA',
  '63017': 'WhatsApp asks to send slower',
  '63018': 'WhatsApp’s limit of the sender was exceeded: it lowers the limit of senders that customers block or report',
  '63032': 'WhatsApp withholds marketing texts from customers who had many',
  '63049': 'WhatsApp withholds marketing texts from customers who had many',
  '63051': 'WhatsApp has locked the business account',
  RATE_LIMITED: 'the channel asks to send slower',
  DELIVERY_REJECTED_DUE_TO_POLICY: 'the channel’s policy keeps texts back',
};

/** What a code says about a sender; undefined when it speaks of one customer or text only. */
export const noticeInWords = (code: string): string | undefined =>
  Object.hasOwn(QUALITY, code) ? QUALITY[code] : undefined;

interface Row extends Account {
  refused: boolean;
  reason: string | null;
  minutes: number | null;
  requests: number;
  failed: number;
  answerMs: number | null;
  used: number;
  people: number;
  todayMessages: number;
  todayParts: number;
  weekMessages: number;
  weekParts: number;
  price: number | null;
  currency: string | null;
  entered: boolean;
  notices: { code: string; count: number }[] | null;
  waiting: number;
}

const STATES = {
  name: 'senders-states',
  // account_health's and account_days' primary keys, whatsapp_openings_at, sends_refused, messages_new_people
  text: `select ${ACCOUNT_FIELDS}, r.refused_at is not null as refused, a.rest_reason as reason,
      ceil(extract(epoch from a.rests_until - clock_timestamp()) / 60)::int as minutes,
      h.requests::int, h.failed::int, h.answer_ms::float as "answerMs", ${USED_TODAY} as used,
      (select count(*) from whatsapp_openings o where a.new_people_limit is not null
        and o.portfolio = a.vendor || '/' || a.gateway_account and o.at > $2::timestamptz - interval '24 hours')::int as people,
      v.today_messages::int as "todayMessages", v.today_parts::int as "todayParts",
      v.week_messages::int as "weekMessages", v.week_parts::int as "weekParts",
      coalesce(a.price, a.told_price)::float as price, coalesce(a.price_currency, a.told_currency) as currency,
      a.price is not null as entered,
      (select json_agg(json_build_object('code', n.code, 'count', n.count) order by n.count desc, n.code) from (
        select code, count(*)::int as count from sends
        where account_id = a.id and state = 'not_sent' and started_at > clock_timestamp() - interval '7 days'
          and tenant_id = $1 and code = any($3::text[]) group by code) n) as notices,
      (select count(*) from messages m where m.state = 'scheduled' and m.reason like 'new_people:%' and m.account_id = a.id
        and m.tenant_id = $1)::int as waiting
    from routes r join accounts a on a.id = r.account_id
      cross join lateral (select coalesce(sum(taken + refused + denied + throttled + silent), 0) as requests,
        coalesce(sum(denied + throttled + silent), 0) as failed,
        sum(answer_ms) / nullif(sum(taken + refused + denied + throttled), 0) as answer_ms
        from account_health where account_id = a.id and hour > clock_timestamp() - interval '24 hours') h
      cross join lateral (select (clock_timestamp() at time zone 'utc')::date as day) t
      cross join lateral (select coalesce(sum(messages) filter (where day = t.day), 0) as today_messages,
        coalesce(sum(parts) filter (where day = t.day), 0) as today_parts, coalesce(sum(messages), 0) as week_messages,
        coalesce(sum(parts), 0) as week_parts
        from account_days d where d.tenant_id = $1 and d.account_id = a.id and d.day > t.day - 7) v
    where r.tenant_id = $1 and r.retired_at is null order by a.channel, r.place, a.id`,
};

/** The tenant's accounts in the order in which they are tried; `now` is business time. */
export async function readStates(sql: Sql, tenantId: TenantId, now: Date): Promise<AccountState[]> {
  return (await sql.query<Row>(STATES, [tenantId, now, Object.keys(QUALITY)])).map(stateOf);
}

function stateOf(row: Row): AccountState {
  const { refused, reason, minutes, requests, failed, answerMs, notices, waiting, price, currency, entered, ...rest } =
    row;
  const { used, people, todayMessages, todayParts, weekMessages, weekParts, ...account } = rest;
  const known = price !== null && currency !== null ? { amount: price, currency } : null;
  const volume = (messages: number, parts: number): Volume => ({
    messages,
    cost: known && known.amount * (account.channel === 'sms' ? parts : messages),
  });
  return {
    account,
    own: account.credentialId != null || account.freeText === true, // a linked phone is nobody else's
    refused,
    rests: minutes !== null && minutes > 0 ? { reason: reason ?? '', minutes } : null,
    requests,
    failed,
    answerMs,
    limit: limitOf(account, used, people),
    today: volume(todayMessages, todayParts),
    week: volume(weekMessages, weekParts),
    price: known && { ...known, from: entered ? 'admin' : 'gateway' },
    notices: notices ?? [],
    waiting,
  };
}

function limitOf({ newPeopleLimit, dailyLimit }: Account, used: number, people: number): AccountState['limit'] {
  if (newPeopleLimit != null) return { of: 'people', used: people, most: newPeopleLimit };
  return dailyLimit != null ? { of: 'messages', used, most: dailyLimit } : null;
}

/** Whether other tenants send by an account, or by one that shares its limits; routes_account. */
export async function isShared(sql: Sql, tenantId: TenantId, ids: readonly AccountId[]): Promise<boolean> {
  const others = await sql.query(
    'select from routes where account_id = any($1::uuid[]) and tenant_id <> $2 and retired_at is null limit 1',
    [ids, tenantId],
  );
  return others.length > 0;
}
