/*
 * The statements of a business's past. What differs from lead to lead is drawn from its number, so that every load is the
 * same. Uneven on purpose: the commonest names, cars and sources are many times as frequent as the rare ones.
 */

const TENANT = "current_setting('bench.tenant')::uuid";
const NOW = "current_setting('bench.now')::timestamptz";

/** Between 0 and 1, from a lead's number; `salt` makes another one. */
const draw = (salt: number) => `(mod(abs(hashint8extended(n, ${salt}) / 2), 1000000) / 1e6)`;
/** One of `count`, the first ones more often. */
const skewed = (salt: number, count: number) => `floor(${count} * power(${draw(salt)}, 2.5))::int`;
/** A made-up word of its own for each number. */
const word = (number: string, beginning: string) =>
  `initcap(translate('${beginning}' || lpad((${number})::text, 5, '0'), '0123456789', 'aeioulnrst'))`;

export const STAFF = (sellers: number) => `
  insert into staff (id, tenant_id, slack_user_id, name, role, created_at, checked_at)
  select uuidv7(), ${TENANT}, 'U0S' || lpad(n::text, 3, '0'), 'Seller ' || n, 'salesperson', ${NOW}, ${NOW}
  from generate_series(0, ${sellers - 1}) n`;

/** One row a lead, oldest first, ids in the order of capture as they are. */
export const PEOPLE = (leads: number, days: number, sellers: number) => `
  with drawn as (
    select n, ${NOW} - (${leads} - n) * (interval '${days} days' / ${leads}) as captured_at,
      ${draw(1)} as fate, ${draw(2)} as spread, ${skewed(3, 400)} as first, ${skewed(4, 4000)} as last,
      ${skewed(5, 20000)} as company, ${skewed(6, 40)} as car, ${skewed(7, 4)} as source, ${draw(8)} as mail,
      floor(${sellers} * ${draw(9)})::int as seller
    from generate_series(1, ${leads}) n)
  select n, captured_at, fate, spread, car, captured_at::date as day, fate < 0.4 as replied, fate < 0.1 as won,
    fate >= 0.8 as lost, fate < 0.04 as recovered, mail < 0.6 as has_mail, uuidv7(captured_at - clock_timestamp()) as lead_id,
    uuidv7(captured_at - clock_timestamp()) as person_id, uuidv7() as enrolment_id, uuidv7() as phone_id, s.id as owner_id,
    ${word('first', 'K')} as first, ${word('last', 'B')} as last, ${word('company', 'F')} as company,
    '+467' || lpad(n::text, 8, '0') as phone, (array['slack', 'form', 'api', 'google'])[source + 1] as source
  from drawn join staff s on s.tenant_id = ${TENANT} and s.slack_user_id = 'U0S' || lpad(seller::text, 3, '0')
  order by n`;

const MAIL = `lower(first) || '.' || n || '@' || lower(company) || '.example'`;
const STAGE = `case when won then 'won' when lost then 'lost' when replied then 'replied' else 'contacted' end`;

export const LEADS = (place: string) => [
  `insert into persons (id, tenant_id, name, language, zone, place, created_at)
   select person_id, ${TENANT}, first || ' ' || last, 'en', 'Europe/Stockholm', '${place}', captured_at from bench_past order by n`,
  `insert into addresses (id, tenant_id, person_id, kind, value, created_at)
   select phone_id, ${TENANT}, person_id, 'phone', phone, captured_at from bench_past
   union all select uuidv7(), ${TENANT}, person_id, 'email', ${MAIL}, captured_at from bench_past where has_mail`,
  // one in eight of those who answered was found to be ready to buy
  `insert into leads (id, tenant_id, person_id, playbook, stage, fields, owner_id, source, source_key, captured_at, stage_at, qualified)
   select lead_id, ${TENANT}, person_id, 'test-drive', ${STAGE}, jsonb_build_object('car', 'BMW X' || car, 'company', company),
     owner_id, source, n::text, captured_at, captured_at, case when fate < 0.05 then true end from bench_past order by n`,
  `insert into enrolments (id, tenant_id, person_id, lead_id, cadence, state, started_at, ended_at)
   select enrolment_id, ${TENANT}, person_id, lead_id, 'test-drive-14',
     case when replied then 'replied' when captured_at > ${NOW} - interval '14 days' then 'active' else 'completed' end,
     captured_at, case when replied or captured_at <= ${NOW} - interval '14 days' then captured_at + interval '2 days' end
   from bench_past order by n`,
  `insert into scores (lead_id, tenant_id, points, band, parts, scored_at)
   select lead_id, ${TENANT}, floor(100 * power(spread, 2))::int, 'warm', '[]', captured_at from bench_past order by n`,
  // those of the last two days who wrote wait for an answer
  `insert into conversations (person_id, tenant_id, lead_id, last_inbound_at, owed_since)
   select person_id, ${TENANT}, lead_id, captured_at, case when captured_at > ${NOW} - interval '2 days' then captured_at end
   from bench_past where replied order by n`,
];

/** As `termsOf` makes them; none of them can be the same. */
export const TERMS = `
  insert into lead_terms (tenant_id, term, lead_id)
  select ${TENANT}, term, lead_id from bench_past cross join lateral unnest(array[
    lower(first), lower(last), 'bmw', 'x' || car, lower(company), substr(phone, 2), right(phone, 9), right(phone, 7), right(phone, 4)]
    || case when has_mail then array[${MAIL}] else '{}'::text[] end) as term`;

/** Four steps, those after a reply or still to come not sent, and one word more: of the customer, or a notice. */
export const MESSAGES = [
  `insert into messages (id, tenant_id, person_id, lead_id, enrolment_id, direction, purpose, step_key, template_key, language,
     channel, address_id, due_at, state, attempt, body, created_at, sent_at)
   select uuidv7(captured_at - clock_timestamp()), ${TENANT}, person_id, lead_id, enrolment_id, 'out', 'cadence', 'day_' || day_no,
     'drive_follow_up', 'en', 'sms', phone_id, captured_at + day_no * interval '1 day', state, (state = 'delivered')::int,
     case when state = 'delivered' then decode(repeat('5a', 250), 'hex') end, captured_at,
     case when state = 'delivered' then captured_at + day_no * interval '1 day' end
   from bench_past cross join unnest(array[0, 2, 7, 14]) as day_no cross join lateral (select case
     when replied and day_no > 2 then 'cancelled' when captured_at + day_no * interval '1 day' > ${NOW} then 'scheduled'
     else 'delivered' end as state) as s order by n`,
  `insert into messages (id, tenant_id, person_id, lead_id, direction, purpose, language, channel, address_id, due_at, state, body,
     created_at)
   select uuidv7(captured_at - clock_timestamp()), ${TENANT}, person_id, lead_id, case when replied then 'in' else 'out' end,
     case when replied then 'inbound' else 'notice' end, 'en', 'sms', phone_id, captured_at,
     case when replied then 'received' else 'delivered' end, decode(repeat('5a', 120), 'hex'), captured_at
   from bench_past order by n`,
];

const LIVE = '(select generation from report_generations where live)';
/** Answers take from ten seconds to half an hour; in classes as the counting has them. */
const SECONDS = `(case when spread < 0.8 then floor(spread * 37) * 10 else 300 + floor((spread - 0.8) * 125) * 60 end)::int`;

/** What every lead adds, then the same by lead and by day. */
export const COUNTS = [
  `create unlogged table bench_counts as select n, lead_id, owner_id, c.day, measure, key, template, channel, seconds, total
   from bench_past cross join lateral (values
     (true, day, 'captured', source, '', '', 0, 0),
     (true, day, 'stage', ${STAGE}, '', '', 0, 0),
     (true, day, 'contacted', '', '', '', 0, 0),
     (true, day, 'cohort_contacted', source, '', '', 0, 0),
     (true, day, 'sent', 'day_0', 'drive_thanks', 'sms', 0, 0),
     (true, day + 2, 'sent', 'day_2', 'drive_follow_up_1', 'sms', 0, 0),
     (not replied, day + 7, 'sent', 'day_7', 'drive_follow_up_2', 'sms', 0, 0),
     (not replied, day + 14, 'sent', 'day_14', 'drive_follow_up_3', 'sms', 0, 0),
     (replied, day + 2, 'replied_to', 'day_2', 'drive_follow_up_1', 'sms', 0, 0),
     (replied, day + 2, 'replies', '', '', '', 0, 0),
     (replied, day, 'cohort_replied', source, '', '', 0, 0),
     (replied, day + 2, 'asked', '', '', '', 0, 0),
     (replied, day + 2, 'answered', 'reply', '', '', ${SECONDS}, ${SECONDS} + 3),
     (won, day + 9, 'won', '', '', '', 0, 0),
     (won, day, 'cohort_won', source, '', '', 0, 0),
     (lost, day + 20, 'lost', '', '', '', 0, 0),
     (lost, day, 'cohort_lost', source, '', '', 0, 0),
     (recovered, day + 9, 'recovered', '', '', '', 0, 0),
     (recovered, day, 'cohort_recovered', source, '', '', 0, 0)
   ) as c (counts, day, measure, key, template, channel, seconds, total) where counts`,
  `insert into report_leads (generation, tenant_id, lead_id, owner_id, open, counts, captured, replies, won, lost, recovered)
   select ${LIVE}, ${TENANT}, lead_id, min(owner_id::text)::uuid, bool_or(measure = 'stage' and key in ('contacted', 'replied')),
     jsonb_agg(jsonb_build_array(day, measure, key, template, channel, seconds, 1, total)),
     ${['captured', 'replies', 'won', 'lost', 'recovered'].map((name) => `min(day) filter (where measure = '${name}')`).join(', ')}
   from bench_counts group by n, lead_id order by n`,
  `insert into report_days (generation, tenant_id, owner_id, day, measure, key, template, channel, seconds, n, total)
   select ${LIVE}, ${TENANT}, coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), day, measure, key, template, channel,
     seconds, count(*), sum(total)
   from bench_counts group by grouping sets ((owner_id, day, measure, key, template, channel, seconds),
     (day, measure, key, template, channel, seconds))`,
  // the triggers are off while all this is loaded
  `do $$ begin execute report_sums('select * from report_days'); end $$`,
  `insert into report_open (generation, tenant_id, owner_id, n, valued, worth)
   select generation, tenant_id, coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), count(*), 0, 0
   from report_leads where open group by generation, tenant_id, rollup (owner_id)`,
];
