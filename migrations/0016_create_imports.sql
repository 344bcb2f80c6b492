-- Files of leads that somebody brings in: what was brought, and what became of each row.

create table imports (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  playbook text not null,
  state text not null check (state in ('draft', 'running', 'done', 'withdrawing', 'withdrawn')),
  upload bytea,                    -- sealed: the file as it came; null once its rows stand on their own
  about bytea not null,            -- sealed: name of the file, what its columns are, what was confirmed
  brought_by uuid not null references staff,
  created_at timestamptz not null, -- business clock, as the others
  started_at timestamptz,
  ended_at timestamptz,
  channel text,                    -- where it is shown in Slack
  ts text,
  unique (tenant_id, id)
);
create index imports_line on imports (tenant_id, started_at) where state in ('running', 'withdrawing'); -- the next one
create index imports_old on imports (created_at);                                                       -- deletion

create table import_rows (
  import_id uuid not null,
  tenant_id uuid not null,
  place integer not null,              -- row of the sheet; its headings are row 1
  turn integer not null,               -- among the rows with something in them, from 0
  state text not null check (state in ('waiting', 'captured', 'merged', 'refused', 'removed', 'restored', 'kept')),
  cells bytea,                         -- sealed; null once it is known what became of it
  lead_id uuid,                        -- without a reference: taking the import back removes leads
  person_id uuid,
  new_person boolean not null default false,
  before bytea,                        -- sealed: of a merge, how the person was; of a refusal, what was wrong
  primary key (import_id, place),
  foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);
create index import_rows_state on import_rows (import_id, state, place);                    -- the next rows, and how many
create index import_rows_lead on import_rows (lead_id) where lead_id is not null;           -- taking back, erasure

do $$
declare t text;
begin
  foreach t in array array['imports', 'import_rows']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
