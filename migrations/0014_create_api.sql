-- The API: keys and the sign-ins made with them, answers kept so that asking again does nothing again, and webhooks to
-- others. Ages and leases here follow the machine clock, which the sandbox does not turn.

create table api_keys (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  name text not null,
  role text not null check (role in ('dispatcher', 'manager', 'admin')),
  secret_hash bytea not null,                  -- of 256 random bits: it cannot be guessed back
  created_by uuid not null references staff,   -- in whose name it acts
  created_at timestamptz not null,
  used_at timestamptz,
  failures smallint not null default 0,        -- wrong secrets since the last right one
  locked_until timestamptz,
  revoked_at timestamptz
);
create index api_keys_tenant on api_keys (tenant_id, created_at) where revoked_at is null; -- the list in Slack

-- A sign-in goes on as its refresh tokens are exchanged one for the next; only the newest counts.
create table api_sign_ins (
  id uuid primary key,
  tenant_id uuid not null,
  key_id uuid not null references api_keys,
  generation integer not null default 1,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  reason text check (reason in ('signed_out', 'reused'))
);
create index api_sign_ins_over on api_sign_ins (key_id, expires_at); -- those that are over are deleted at the next sign-in

-- What a request with an idempotency key was answered, for a day. Ids and facts; sealed all the same.
create table api_answers (
  tenant_id uuid not null,
  key_id uuid not null references api_keys,
  idempotency_key text not null,
  request_hash bytea not null, -- keyed: the same key with another request is refused
  lease_until timestamptz,     -- somebody is at it
  status smallint,
  answer bytea,                -- sealed; null while there is none
  created_at timestamptz not null,
  primary key (key_id, idempotency_key)
);
create index api_answers_age on api_answers (tenant_id, created_at); -- deletion after a day

-- Who else hears of what happens.
create table hooks (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  url text not null,
  events text[] not null,
  secret bytea not null, -- sealed
  created_by text not null, -- actor
  created_at timestamptz not null
);
create index hooks_tenant on hooks (tenant_id, created_at); -- whom an event concerns, the list

create table hook_deliveries (
  id uuid primary key,
  tenant_id uuid not null,
  hook_id uuid not null references hooks on delete cascade,
  event_id bigint not null,
  state text not null default 'due' check (state in ('due', 'delivered', 'parked')),
  attempts smallint not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz,
  status smallint, -- of the last answer
  error text,      -- a code of ours
  settled_at timestamptz,
  unique (hook_id, event_id)
);
create index hook_deliveries_due on hook_deliveries (due_at) where state = 'due';                    -- the sender's line
create index hook_deliveries_hook on hook_deliveries (hook_id, event_id desc, id desc);             -- the list
create index hook_deliveries_settled on hook_deliveries (settled_at) where settled_at is not null;  -- deletion

-- In the transaction that appends an event, whichever statement did it: what is not delivered was not appended.
create function tell_hooks() returns trigger language plpgsql as $$
begin
  insert into hook_deliveries (id, tenant_id, hook_id, event_id)
    select gen_random_uuid(), a.tenant_id, h.id, a.id
    from added a join hooks h on h.tenant_id = a.tenant_id and a.type = any(h.events);
  return null;
end $$;
create trigger events_tell_hooks after insert on events referencing new table as added
  for each statement execute function tell_hooks();

-- Leads by what a program asks for.
create index leads_source_key on leads (tenant_id, source_key);           -- /leads/custom/:externalId
create index leads_stage on leads (tenant_id, stage, id desc);            -- by status
create index leads_playbook on leads (tenant_id, playbook, id desc);      -- by strategy
create index leads_captured on leads (tenant_id, captured_at);            -- by date
alter table conversations add column qualified boolean;                   -- as the agent or an integration noted it
create index conversations_qualified on conversations (lead_id) where qualified; -- by qualification

do $$
declare t text;
begin
  foreach t in array array['api_keys', 'api_sign_ins', 'api_answers', 'hooks', 'hook_deliveries']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
