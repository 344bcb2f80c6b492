-- What somebody should look at, grouped and acknowledged; and who stands in for whom.

-- One alert is one post to whoever it is routed to: what is found within its window joins it.
create table alerts (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  kind text not null,
  opened_at timestamptz not null,
  total integer not null default 0,   -- everything that ever belonged to it
  rings integer not null default 1,   -- how often it is to be posted: again while nobody acknowledges it
  rung_at timestamptz not null,
  acknowledged_by uuid references staff,
  acknowledged_at timestamptz,
  closed_at timestamptz,
  ended text check (ended in ('over', 'followed')), -- nothing of it is so any more, or a later alert took it on
  check ((closed_at is null) = (ended is null)),
  unique (tenant_id, id)
);
create unique index alerts_open on alerts (tenant_id, kind) where closed_at is null; -- one of a kind; App Home

-- What is so now. A row goes when it is no longer so.
create table alert_items (
  tenant_id uuid not null references tenants,
  kind text not null,
  subject text not null, -- ids and codes
  alert_id uuid not null,
  lead_id uuid,
  about text not null,   -- codes and figures, by kind
  since timestamptz not null,
  seen_at timestamptz not null, -- machine time
  primary key (tenant_id, kind, subject),
  foreign key (tenant_id, alert_id) references alerts (tenant_id, id)
);
create index alert_items_alert on alert_items (alert_id); -- what an alert shows, and whether it is over

-- Where it was posted, for each receiver and ring.
create table alert_posts (
  tenant_id uuid not null references tenants,
  alert_id uuid not null,
  receiver text not null, -- a channel or a person of Slack
  ring integer not null,
  channel text not null,
  ts text not null,
  primary key (alert_id, receiver, ring),
  foreign key (tenant_id, alert_id) references alerts (tenant_id, id)
);

-- WhatsApp took an approved text away, at this time; null once it is approved again.
alter table whatsapp_templates add column lost_at timestamptz;

-- What alerts look for; each of these holds almost nothing.
create index messages_unconfirmed on messages (tenant_id) where state = 'unconfirmed';
create index scores_urgent on scores (alert_asked_at) where alert_asked_at is not null;
create index sends_refused on sends (account_id, started_at) where state = 'not_sent'; -- whether a gateway fails
create index effects_parked on effects (tenant_id) where parked_at is not null;

-- A colleague who stands in while somebody is away; and who does so right now, kept up by the workers.
alter table busy_times add column cover_id uuid references staff,
  add constraint busy_times_cover_other check (cover_id <> staff_id);
create index busy_times_cover on busy_times (starts_at) where cover_id is not null; -- what begins
alter table staff add column covered_by uuid references staff;
create index staff_covered on staff (covered_by) where covered_by is not null; -- what ends; whose leads somebody sees

do $$
declare t text;
begin
  foreach t in array array['alerts', 'alert_items', 'alert_posts']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
