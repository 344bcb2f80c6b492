-- Changes of settings as people ask for them: looked at as a draft, perhaps waiting for a second person, then a version.
create table setting_changes (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  changes jsonb not null, -- [{ path, before, after }]: the smallest parts of the settings that one change takes as a whole
  plan text check (plan in ('keep', 'move')), -- what becomes of running follow-ups, where they are touched
  undoes integer,         -- the version that it takes back
  state text not null check (state in ('draft', 'waiting', 'counted', 'refused', 'withdrawn', 'outdated')),
  asked_by uuid not null references staff,
  asked_at timestamptz not null,
  decided_by uuid references staff,
  decided_at timestamptz,
  version integer,        -- the version that it became
  posts jsonb not null default '[]', -- where approvers are asked in Slack: [{ staff, channel, ts }]
  check (state <> 'counted' or version is not null),
  check (decided_by is null or decided_by <> asked_by or state = 'withdrawn'), -- nobody approves what they asked for
  unique (tenant_id, version)
);
create index setting_changes_waiting on setting_changes (tenant_id, asked_at) where state = 'waiting'; -- what waits
create index setting_changes_drafts on setting_changes (tenant_id, asked_at) where state = 'draft';    -- clearing old drafts

-- A follow-up goes by the steps and words of the settings it was planned with, until somebody moves it.
alter table enrolments add column settings_version integer not null default 0;
-- running follow-ups of older versions, for the next batch to move
create index enrolments_running on enrolments (tenant_id, settings_version, person_id) where state in ('active', 'paused');

do $$
declare t text;
begin
  foreach t in array array['setting_changes']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
