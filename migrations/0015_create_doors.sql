-- Doors for leads: forms get a page of their own, ads and other systems are connected as sources, and the log of raw
-- webhooks says whose each one is, so that people can look through theirs.

alter table form_keys
  add column slug text,
  add column origins text[] not null default '{}'; -- websites that may show the form, or send to it from a script
update form_keys set slug =
  left(coalesce(nullif(trim('-' from regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g')), ''), 'form'), 40)
  || '-' || right(id::text, 8);
-- what the version before makes while this one starts beside it has a page of its own, too
alter table form_keys alter column slug set default 'form-' || left(gen_random_uuid()::text, 8);
create unique index form_keys_slug on form_keys (slug); -- the page of a form; never given twice

-- Where leads of an ad or of another system come from.
create table lead_sources (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  kind text not null check (kind in ('google', 'meta', 'gohighlevel')),
  name text not null,
  account text not null default '', -- how its webhooks name it: a page at Meta, a location at GoHighLevel
  key_hash bytea unique,            -- of 192 random bits, where a webhook is known by a key
  sealed bytea,                     -- what fetching a lead needs
  playbook text not null,
  mapping jsonb not null default '{}',  -- which of their fields is which of ours
  seen text[] not null default '{}',    -- names of their fields, as they came last
  created_by uuid references staff,
  created_at timestamptz not null,
  used_at timestamptz,
  tested_at timestamptz,            -- the last test lead
  revoked_at timestamptz
);
create index lead_sources_tenant on lead_sources (tenant_id, created_at); -- /rescue forms
-- whose a webhook is; nobody else can claim the same page or location
create unique index lead_sources_account on lead_sources (kind, account) where revoked_at is null and account <> '';

-- Only the role across tenants reads this table; a webhook comes before anybody knows whose it is.
alter table webhook_log
  add column belongs_to uuid references tenants, -- the tenant that it was found to be of
  add column about text not null default ''; -- what became of it where that is no problem: `test`, `lead`
create index webhook_log_belongs on webhook_log (belongs_to, received_at desc, id desc); -- /rescue webhooks
create index webhook_log_parked on webhook_log (source, received_at) where state = 'parked'; -- counts, replay of a kind

do $$
declare t text;
begin
  foreach t in array array['lead_sources']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
