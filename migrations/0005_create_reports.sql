-- Numbers kept up from the event log: what a tenant's days brought, in small rows that add up, and the digests of them.
-- They hold nothing that the log does not say: at any time they can be counted again, beside the old ones.

-- One counting of the whole log. Views read the live one; a recount grows beside it and takes its place.
create table report_generations (
  generation integer primary key generated always as identity,
  live boolean not null,
  floor_id bigint not null default 0,      -- events up to this id were written on an earlier server, and are all counted
  until_xid xid8 not null default '0',     -- of the events above it, all up to this transaction and id are counted
  until_id bigint not null default 0
);
create unique index report_generations_live on report_generations (live) where live;
insert into report_generations (live) values (true);

-- What a lead adds to the days, so that it can be taken away again when the lead's story goes on.
create table report_leads (
  generation integer not null references report_generations on delete cascade,
  tenant_id uuid not null references tenants,
  lead_id uuid not null,
  owner_id uuid,
  counts jsonb not null, -- [[day, measure, key, template, channel, seconds, n, total], …]
  captured date, -- the days on which it counts, for the leads behind a number
  replies date,
  won date,
  lost date,
  recovered date,
  primary key (generation, lead_id)
);
create index report_leads_captured on report_leads (generation, tenant_id, captured desc, lead_id desc);
create index report_leads_replies on report_leads (generation, tenant_id, replies desc, lead_id desc) where replies is not null;
create index report_leads_won on report_leads (generation, tenant_id, won desc, lead_id desc) where won is not null;
create index report_leads_lost on report_leads (generation, tenant_id, lost desc, lead_id desc) where lost is not null;
create index report_leads_recovered on report_leads (generation, tenant_id, recovered desc, lead_id desc)
  where recovered is not null;

create table report_days (
  generation integer not null references report_generations on delete cascade,
  tenant_id uuid not null references tenants,
  owner_id uuid not null, -- all zeros: everybody's
  day date not null,      -- in the tenant's zone
  measure text not null,
  key text not null,      -- source, step or stage, as the measure needs
  template text not null,
  channel text not null,
  seconds integer not null, -- lower bound of the class of an answer's time
  n bigint not null,
  total bigint not null,    -- sum of seconds
  primary key (generation, tenant_id, owner_id, day, measure, key, template, channel, seconds)
);
create index report_days_measure on report_days (generation, tenant_id, measure, day); -- leaderboard

-- A digest of one tenant and day is decided on once; who writes the row asks for it.
create table digests (
  tenant_id uuid not null references tenants,
  kind text not null check (kind in ('daily', 'weekly')),
  day date not null, -- the local day on which it is due
  state text not null check (state in ('asked', 'quiet', 'skipped')),
  decided_at timestamptz not null,
  primary key (tenant_id, kind, day)
);

do $$
declare t text;
begin
  foreach t in array array['report_leads', 'report_days', 'digests']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_system', t);
  end loop;
end $$;

grant select on report_days, report_leads, report_generations to leadrescue_app;
grant select, insert on digests to leadrescue_app;
grant select, insert, update, delete on report_generations to leadrescue_system;
