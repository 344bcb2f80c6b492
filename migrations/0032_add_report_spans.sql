-- Numbers of long periods from few rows, and what is open now without looking at every lead.

-- Days added up by ISO weeks and by months. Kept by the database itself, so that workers of any version keep them.
create table report_spans (
  generation integer not null references report_generations on delete cascade,
  tenant_id uuid not null references tenants,
  owner_id uuid not null, -- all zeros: everybody's
  span text not null check (span in ('week', 'month')),
  first date not null,    -- its first day, in the tenant's zone
  weekend boolean not null, -- what was asked or logged on a Saturday or Sunday; false of other measures
  measure text not null,
  key text not null,
  template text not null,
  channel text not null,
  seconds integer not null,
  n bigint not null,
  total bigint not null,
  primary key (generation, tenant_id, owner_id, span, first, weekend, measure, key, template, channel, seconds)
);

-- What each person did in a day, a week, a month, side by side: leaderboards and lines of days.
create table report_people (
  generation integer not null references report_generations on delete cascade,
  tenant_id uuid not null references tenants,
  span text not null check (span in ('day', 'week', 'month')),
  first date not null,
  owner_id uuid not null, -- all zeros: everybody's
  captured bigint not null,
  replies bigint not null,
  won bigint not null,
  recovered bigint not null,
  asked bigint not null,
  quick bigint not null, -- answered in less than five minutes
  primary key (generation, tenant_id, span, first, owner_id)
);

-- Weekends matter to what people wait for. The same set is in src/reports/read.ts, where days are read.
create function report_weekend(day date, measure text) returns boolean immutable parallel safe language sql
  return extract(isodow from day) >= 6 and measure in ('captured', 'responded', 'asked', 'answered');

-- The statement that adds rows like those of report_days, which `changes` selects, to both tables.
create function report_sums(changes text) returns text immutable language sql as $sums$
  select format($statement$
    with changes as (%s),
    spans as (
      insert into report_spans as s
      select generation, tenant_id, owner_id, span, first, report_weekend(day, measure), measure, key, template, channel, seconds,
        sum(n), sum(total)
      from changes cross join lateral
        (values ('week', date_trunc('week', day)::date), ('month', date_trunc('month', day)::date)) as of (span, first)
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(n) <> 0 or sum(total) <> 0
      on conflict (generation, tenant_id, owner_id, span, first, weekend, measure, key, template, channel, seconds)
        do update set n = s.n + excluded.n, total = s.total + excluded.total)
    insert into report_people as p
    select generation, tenant_id, span, first, owner_id,
      coalesce(sum(n) filter (where measure = 'captured'), 0), coalesce(sum(n) filter (where measure = 'replies'), 0),
      coalesce(sum(n) filter (where measure = 'won'), 0), coalesce(sum(n) filter (where measure = 'recovered'), 0),
      coalesce(sum(n) filter (where measure = 'asked'), 0),
      coalesce(sum(n) filter (where measure = 'answered' and seconds < 300), 0)
    from changes cross join lateral (values ('day', day), ('week', date_trunc('week', day)::date),
      ('month', date_trunc('month', day)::date)) as of (span, first)
    where measure in ('captured', 'replies', 'won', 'recovered', 'asked', 'answered')
    group by 1, 2, 3, 4, 5
    on conflict (generation, tenant_id, span, first, owner_id) do update set captured = p.captured + excluded.captured,
      replies = p.replies + excluded.replies, won = p.won + excluded.won, recovered = p.recovered + excluded.recovered,
      asked = p.asked + excluded.asked, quick = p.quick + excluded.quick
  $statement$, changes)
$sums$;

-- A generation goes with all its rows, so nothing is taken away row by row.
create function add_to_report_sums() returns trigger language plpgsql as $$
begin
  execute report_sums(case tg_op when 'INSERT' then 'select * from added' else
    'select generation, tenant_id, owner_id, day, measure, key, template, channel, seconds, n, total from added
     union all select generation, tenant_id, owner_id, day, measure, key, template, channel, seconds, -n, -total from gone' end);
  return null;
end $$;
create trigger report_days_added after insert on report_days referencing new table as added
  for each statement execute function add_to_report_sums();
create trigger report_days_changed after update on report_days referencing old table as gone new table as added
  for each statement execute function add_to_report_sums();
revoke all on function report_weekend(date, text) from public;
revoke all on function report_sums(text) from public;
revoke all on function add_to_report_sums() from public;
grant execute on function report_weekend(date, text) to leadrescue_app, leadrescue_system;
grant execute on function report_sums(text) to leadrescue_system;

-- Open leads by owner, and what they say they may be worth, in the tenant's currency: report_leads added up.
create table report_open (
  generation integer not null references report_generations on delete cascade,
  tenant_id uuid not null references tenants,
  owner_id uuid not null, -- all zeros: everybody's
  n bigint not null,
  valued bigint not null, -- of which say a worth
  worth numeric not null, -- what these come to
  primary key (generation, tenant_id, owner_id)
);

-- Whether a lead was open when it was last counted, and what it may be worth.
alter table report_leads add column open boolean not null default false;
alter table report_leads add column worth numeric;

do $$
declare t text;
begin
  foreach t in array array['report_spans', 'report_people', 'report_open']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_system', t);
    execute format('grant select on %I to leadrescue_app', t);
  end loop;
end $$;

-- As the one who counts: the tables hide their rows from their owner, too.
set local role leadrescue_system;
do $$ begin execute report_sums('select * from report_days'); end $$;
-- From these rules on open leads are counted; a log that was counted before is counted anew when a worker starts.
update report_generations set rules = 3 where not exists (select from events);
reset role;
