-- What a lead is worth: its score, the enquiries that were merged into it, whose it is elsewhere, and the doors of forms.

-- What was found out by itself (a company behind an address, miles from the base); facts people wrote are in `fields`.
alter table leads
  add column enriched jsonb not null default '{}',
  add column deal_value numeric(14, 2) check (deal_value >= 0); -- in the tenant's currency, asked for when it is won

-- The newest score of a lead; how it came about is in the events.
create table scores (
  lead_id uuid primary key,
  tenant_id uuid not null,
  points smallint not null check (points between 0 and 100),
  band text not null,
  parts jsonb not null, -- factor by factor: what was read, what it gave; no words of people
  scored_at timestamptz not null,
  alert_asked_at timestamptz, -- machine time: when it was found that managers must hear of this lead; once
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);
create index scores_points on scores (tenant_id, points desc, lead_id); -- the best leads of a tenant, score bands

-- Every enquiry of a lead that was asked more than once, the first one included: none is lost by merging.
create table enquiries (
  id uuid primary key,
  tenant_id uuid not null,
  lead_id uuid not null,
  source text not null,
  source_key text not null,
  facts bytea not null, -- sealed: the checked fields
  received_at timestamptz not null,
  unique (tenant_id, source, source_key),
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);
create index enquiries_lead on enquiries (lead_id); -- merging reads all of a lead's

-- Persons as other systems know them (the id of a contact in a CRM).
create table external_ids (
  tenant_id uuid not null,
  system text not null,
  external_id text not null,
  person_id uuid not null,
  created_at timestamptz not null,
  primary key (tenant_id, system, external_id),
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
);
create index external_ids_person on external_ids (person_id); -- a person's, when they are erased

-- A form on a website: its key says whose it is and what its enquiries are. Only a hash of the key is kept.
create table form_keys (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  key_hash bytea not null unique,
  name text not null,
  playbook text not null,
  created_by uuid references staff,
  created_at timestamptz not null,
  revoked_at timestamptz,
  used_at timestamptz -- the last time, to the day
);
create index form_keys_tenant on form_keys (tenant_id, created_at); -- /rescue forms

do $$
declare t text;
begin
  foreach t in array array['scores', 'enquiries', 'external_ids', 'form_keys']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
