import type { Sql } from '../db/index.ts';

/** Rows in which two generations differ: how many, and the first few in words. */
export interface Differences {
  count: number;
  examples: string[];
}

/** Of days, and of what is open. Each says what it is, what is shown and what was recounted. */
const COUNTED = `
  select concat_ws(' ', day, measure, nullif(key, ''), nullif(template, ''), nullif(channel, ''), nullif(seconds, 0)) as what,
    a.n as shown, b.n as recounted, tenant_id, owner_id
  from (select * from report_days where generation = $1) a full join (select * from report_days where generation = $2) b
    using (tenant_id, owner_id, day, measure, key, template, channel, seconds)
  where (coalesce(a.n, 0), coalesce(a.total, 0)) <> (coalesce(b.n, 0), coalesce(b.total, 0))
  union all
  select 'open', a.n, b.n, tenant_id, owner_id
  from (select * from report_open where generation = $1) a full join (select * from report_open where generation = $2) b
    using (tenant_id, owner_id)
  where (coalesce(a.n, 0), coalesce(a.valued, 0), coalesce(a.worth, 0))
    <> (coalesce(b.n, 0), coalesce(b.valued, 0), coalesce(b.worth, 0))`;

/** Of what the days were added up to. */
const ADDED_UP = `
  select concat_ws(' ', span, first, measure, nullif(key, ''), nullif(template, ''), nullif(channel, ''), nullif(seconds, 0)) as what,
    a.n as shown, b.n as recounted, tenant_id, owner_id
  from (select * from report_spans where generation = $1) a full join (select * from report_spans where generation = $2) b
    using (tenant_id, owner_id, span, first, weekend, measure, key, template, channel, seconds)
  where (coalesce(a.n, 0), coalesce(a.total, 0)) <> (coalesce(b.n, 0), coalesce(b.total, 0))
  union all
  select concat_ws(' ', span, first, 'of a person'), a.n, b.n, tenant_id, owner_id
  from (select *, captured + replies + won + recovered + asked + quick as n from report_people where generation = $1) a
    full join (select *, captured + replies + won + recovered + asked + quick as n from report_people where generation = $2) b
    using (tenant_id, owner_id, span, first)
  where (coalesce(a.captured, 0), coalesce(a.replies, 0), coalesce(a.won, 0), coalesce(a.recovered, 0), coalesce(a.asked, 0),
      coalesce(a.quick, 0))
    <> (coalesce(b.captured, 0), coalesce(b.replies, 0), coalesce(b.won, 0), coalesce(b.recovered, 0), coalesce(b.asked, 0),
      coalesce(b.quick, 0))`;

/** Rows in which two generations differ. A day that differs makes its week and month differ, which is not told again. */
export async function differences(sql: Sql, one: number, other: number): Promise<Differences> {
  const found = await compared(sql, COUNTED, one, other);
  return found.count > 0 ? found : compared(sql, ADDED_UP, one, other);
}

async function compared(sql: Sql, rows: string, one: number, other: number): Promise<Differences> {
  const lines = await sql.query<{ line: string; all: number }>(
    `select what || format(': %s, recounted %s (tenant %s, owner %s)', coalesce(shown, 0), coalesce(recounted, 0), tenant_id, owner_id)
         as line, count(*) over () as all
     from (${rows}) differing order by 1 limit 20`,
    [one, other],
  );
  return { count: lines[0]?.all ?? 0, examples: lines.map(({ line }) => line) };
}
