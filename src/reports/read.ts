import type { Tx } from '../db/index.ts';
import { owedAnswers } from '../inbox/index.ts';
import type { LeadId, StaffId } from '../lib/ids.ts';
import { type Days, type Period, piecesOf } from './periods.ts';
import { EVERYBODY, LIVE, type Milestone } from './store.ts';
import type { ChannelPrice, Measure } from './types.ts';

/** Counts of one period, added up over its days. */
export interface Sum {
  /** Of the period itself, or of the one before. */
  current: boolean;
  measure: Measure;
  key: string;
  template: string;
  channel: string;
  seconds: number;
  weekend: boolean;
  n: number;
  total: number;
}

const SUMS = {
  name: 'reports-sums',
  // primary keys of report_spans and report_days
  text: `select p.current, s.measure, s.key, s.template, s.channel, s.seconds, s.weekend, sum(s.n)::bigint as n,
      sum(s.total)::bigint as total
    from unnest($3::text[], $4::date[], $5::boolean[]) as p (span, first, current) cross join lateral (
      select measure, key, template, channel, seconds, weekend, n, total from report_spans
        where generation = ${LIVE} and tenant_id = $1 and owner_id = $2 and span = p.span and first = p.first
      union all
      select measure, key, template, channel, seconds, report_weekend(day, measure), n, total from report_days
        where p.span = 'day' and generation = ${LIVE} and tenant_id = $1 and owner_id = $2 and day = p.first) s
    group by 1, 2, 3, 4, 5, 6, 7 having sum(s.n) <> 0`,
};

/** Everything of a period and of the one before it, of one person or of everybody. */
export function readSums(tx: Tx, owner: StaffId | null, period: Period): Promise<Sum[]> {
  const current = piecesOf(period);
  const pieces = [...current, ...piecesOf(period.before)];
  return tx.query<Sum>(SUMS, [
    tx.tenantId,
    owner ?? EVERYBODY,
    pieces.map(({ span }) => span),
    pieces.map(({ first }) => first),
    pieces.map((_, index) => index < current.length),
  ]);
}

/** What a day brought. */
export interface DaySum {
  day: string;
  captured: number;
  replies: number;
  won: number;
}

const DAYS = {
  name: 'reports-days',
  // primary key of report_people, each day by itself: the index has everybody's between them
  text: `select to_char(first, 'YYYY-MM-DD') as day, captured, replies, won from report_people
    where generation = ${LIVE} and tenant_id = $1 and span = 'day' and owner_id = $2 and first = any(array(
      select day::date from generate_series($3::date, $4::date, interval '1 day') as day
      union all select day::date from generate_series($5::date, $6::date, interval '1 day') as day))`,
};

/** A period and the one before it day by day, of one person or of everybody; days without anything are left out. */
export function readDays(tx: Tx, owner: StaffId | null, { from, to, before }: Period): Promise<DaySum[]> {
  return tx.query<DaySum>(DAYS, [tx.tenantId, owner ?? EVERYBODY, from, to, before.from, before.to]);
}

/** What somebody has done in a period. */
export interface PersonSum {
  ownerId: StaffId;
  captured: number;
  replies: number;
  won: number;
  recovered: number;
  asked: number;
  /** Answered in less than five minutes. */
  quick: number;
}

const PEOPLE = {
  name: 'reports-people',
  // primary key of report_people
  text: `select owner_id as "ownerId", ${['captured', 'replies', 'won', 'recovered', 'asked', 'quick']
    .map((name) => `sum(${name})::bigint as ${name}`)
    .join(', ')}
    from unnest($2::text[], $3::date[]) as p (span, first) join report_people r
      on r.generation = ${LIVE} and r.tenant_id = $1 and r.span = p.span and r.first = p.first
    where owner_id <> '${EVERYBODY}'
    group by owner_id having sum(captured + replies + r.won + recovered + asked) > 0
    order by won desc, captured desc, replies desc, owner_id`,
};

/** Who did what, most deals first, then most drives. */
export function readPeople(tx: Tx, days: Days): Promise<PersonSum[]> {
  const pieces = piecesOf(days);
  return tx.query<PersonSum>(PEOPLE, [tx.tenantId, pieces.map(({ span }) => span), pieces.map(({ first }) => first)]);
}

/** What is owed right now: how many customers wait, and since when the first one does. */
export async function readOwed(tx: Tx, owner: StaffId | null): Promise<{ n: number; since: Date | null }> {
  const { owed, total } = await owedAnswers(tx, { ...(owner && { by: owner }), limit: 1 });
  return { n: total, since: owed[0]?.since ?? null };
}

/**
 * What a message costs by channel, from the prices of a business's senders, each as much as it was used; of a text all parts are
 * paid, as many as its texts had.
 */
export function readPrices(tx: Tx): Promise<ChannelPrice[]> {
  return tx.query<ChannelPrice>(
    // routes' and account_days' primary keys
    `select channel, currency, (sum(price * parts) / sum(messages))::float as amount from (
       select a.channel, coalesce(a.price, a.told_price) as price, coalesce(a.price_currency, a.told_currency) as currency,
         d.messages, case when a.channel = 'sms' then d.parts else d.messages end as parts
       from routes r join accounts a on a.id = r.account_id
         cross join lateral (select greatest(sum(messages), 1) as messages, greatest(sum(parts), 1) as parts
           from account_days where tenant_id = $1 and account_id = a.id) d
       where r.tenant_id = $1) used
     where price is not null group by 1, 2 order by 1, 2`,
    [tx.tenantId],
  );
}

/** A place in a list of leads: after this one comes the next page. */
export interface ListPlace {
  day: string;
  leadId: LeadId;
}

/** The leads behind a number, the latest day first. */
export async function readLeadsBehind(
  tx: Tx,
  milestone: Milestone,
  options: { owner: StaffId | null; days: Days; after: ListPlace | null; limit: number },
): Promise<ListPlace[]> {
  const { owner, days, after, limit } = options;
  return tx.query<ListPlace>(
    // report_leads_captured and its sisters
    `select lead_id as "leadId", to_char(${milestone}, 'YYYY-MM-DD') as day from report_leads
     where generation = ${LIVE} and tenant_id = $1 and ${milestone} between $3 and $4 and ($2::uuid is null or owner_id = $2)
       and ($5::date is null or (${milestone}, lead_id) < ($5::date, $6::uuid))
     order by ${milestone} desc, lead_id desc limit $7`,
    [tx.tenantId, owner, days.from, days.to, after?.day ?? null, after?.leadId ?? null, limit],
  );
}

/** One row of a table for a spreadsheet. */
export interface TableRow {
  day: string;
  measure: Measure;
  key: string;
  template: string;
  channel: string;
  n: number;
  /** Sum of seconds, of answers; of money in hundredths. */
  total: number;
}

/** Everything that was counted in a period, day by day. */
export function readTable(tx: Tx, owner: StaffId | null, days: Days): Promise<TableRow[]> {
  return tx.query<TableRow>(
    // primary key of report_days
    `select to_char(day, 'YYYY-MM-DD') as day, measure, key, template, channel, sum(n)::bigint as n, sum(total)::bigint as total
     from report_days where generation = ${LIVE} and tenant_id = $1 and owner_id = $2 and day between $3 and $4
     group by report_days.day, measure, key, template, channel having sum(n) <> 0 order by 1, 2, 3, 4, 5`,
    [tx.tenantId, owner ?? EVERYBODY, days.from, days.to],
  );
}
