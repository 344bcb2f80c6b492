-- Ground floor: tenants, people, leads, cadences, the conversation, the event log and the outbox.
-- Two roles run the product: leadrescue_app sees one tenant, leadrescue_system works across tenants; the owner only migrates.

do $$
begin
  perform pg_advisory_xact_lock(7326001); -- roles belong to the whole server, several databases may migrate at once
  if not exists (select from pg_roles where rolname = 'leadrescue_app') then
    create role leadrescue_app nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'leadrescue_system') then
    create role leadrescue_system nologin;
  end if;
  execute format('grant leadrescue_app, leadrescue_system to %I', current_user);
end $$;

grant usage on schema public to leadrescue_app, leadrescue_system;

-- Tenants and their people -------------------------------------------------------------------------------------------

create table tenants (
  id uuid primary key,
  name text not null,
  slack_team_id text unique,
  country text not null,
  zone text not null,
  language text not null,
  accent text not null default '#2563eb',
  data_key text not null,        -- wrapped by the master key ring
  suppression_key text not null, -- wrapped; never rotated, outlives erasure
  created_at timestamptz not null
);

create table staff (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  slack_user_id text not null,
  name text not null,
  role text check (role in ('salesperson', 'manager', 'admin')), -- null: known, but no role here
  phone text,
  zone text,
  created_at timestamptz not null,
  checked_at timestamptz not null, -- when Slack was last asked who this is (machine clock)
  unique (tenant_id, slack_user_id)
);
-- the first person to run /rescue becomes the admin: the index decides a race
create table founders (
  tenant_id uuid primary key references tenants,
  staff_id uuid not null references staff
);

create table settings (
  tenant_id uuid not null references tenants,
  version integer not null,
  values jsonb not null,
  changed_by uuid references staff,
  changed_at timestamptz not null,
  primary key (tenant_id, version)
);

-- One sender on one channel at one gateway; shared by the platform's tenants through routes.
create table accounts (
  id uuid primary key,
  vendor text not null,
  channel text not null check (channel in ('whatsapp', 'sms', 'email')),
  sender text not null,
  gateway_account text not null,
  rate real not null check (rate > 0),  -- messages a second
  tokens real not null default 0,
  refilled_at timestamptz not null default clock_timestamp(), -- machine clock, as are all leases and rates
  seen_until timestamptz not null default clock_timestamp(),  -- inbound messages are known up to here (machine clock)
  unique (vendor, channel, sender)
);

create table routes (
  tenant_id uuid not null references tenants,
  channel text not null,
  account_id uuid not null references accounts,
  primary key (tenant_id, channel)
);
create index routes_account on routes (account_id); -- who uses this number (inbound routing)

create table whatsapp_templates (
  tenant_id uuid not null references tenants,
  account_id uuid not null references accounts,
  template_key text not null,
  version text not null,
  language text not null,
  name text not null,
  content_id text,
  state text not null check (state in ('creating', 'unsubmitted', 'pending', 'approved', 'rejected', 'paused', 'disabled')),
  reason text,
  checked_at timestamptz not null,
  primary key (tenant_id, account_id, template_key, version, language)
);

-- People ---------------------------------------------------------------------------------------------------------------

create table persons (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  name text not null,
  language text not null,
  zone text not null,
  place jsonb not null, -- { zones, country, states, sure }: where this person may be, for the hours
  opted_out_at timestamptz,
  opted_out_channels text[] not null default '{}',
  created_at timestamptz not null,
  unique (tenant_id, id)
);

create table addresses (
  id uuid primary key,
  tenant_id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('phone', 'email')),
  value text not null,                       -- normalised: E.164, lower-case mailbox
  unreachable text[] not null default '{}',  -- channels found not to reach this address
  created_at timestamptz not null,
  unique (tenant_id, kind, value),
  unique (tenant_id, id),
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
);
create index addresses_value on addresses (kind, value);   -- inbound routing across tenants
create index addresses_person on addresses (person_id);    -- a person's addresses (dispatch, stop)

-- WhatsApp's 24-hour customer service window, per customer address and sender.
create table service_windows (
  tenant_id uuid not null,
  address_id uuid not null,
  account_id uuid not null references accounts,
  last_inbound_at timestamptz not null,
  primary key (address_id, account_id),
  foreign key (tenant_id, address_id) references addresses (tenant_id, id)
);

create table suppressions (
  tenant_id uuid not null references tenants,
  address_hash bytea not null, -- HMAC of the address under the tenant's suppression key
  channel text not null check (channel in ('all', 'whatsapp', 'sms', 'email')),
  created_at timestamptz not null,
  primary key (tenant_id, address_hash, channel)
);

create table consents (
  id uuid primary key,
  tenant_id uuid not null,
  person_id uuid not null,
  lead_id uuid,
  channels text[] not null,
  text text not null,          -- as shown
  text_version text not null,
  language text not null,
  source text not null,        -- the door it came by
  recorded_by uuid references staff,
  given_at timestamptz not null,
  withdrawn_at timestamptz,
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
);
create index consents_person on consents (person_id); -- the guard asks at every send

-- Leads ----------------------------------------------------------------------------------------------------------------

create table leads (
  id uuid primary key,
  tenant_id uuid not null,
  person_id uuid not null,
  playbook text not null,
  stage text not null,
  fields jsonb not null,
  owner_id uuid references staff,
  source text not null,
  source_key text not null, -- the door's own id of this enquiry: logged twice, stored once
  captured_at timestamptz not null,
  stage_at timestamptz not null,
  unique (tenant_id, source, source_key),
  unique (tenant_id, id),
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
);
create index leads_recent on leads (tenant_id, id desc);                  -- /leads of a manager
create index leads_owner on leads (tenant_id, owner_id, id desc);         -- /leads of a salesperson
create index leads_person on leads (person_id);                           -- what this person is about (inbound)

-- Search terms, folded; under row-level security only leakproof comparisons may use an index, so no trigrams here.
create table lead_terms (
  tenant_id uuid not null,
  term text not null,
  lead_id uuid not null,
  primary key (tenant_id, term, lead_id),
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);

create table enrolments (
  id uuid primary key,
  tenant_id uuid not null,
  person_id uuid not null,
  lead_id uuid not null,
  cadence text not null,
  state text not null check (state in ('active', 'paused', 'replied', 'opted_out', 'converted', 'closed', 'completed')),
  started_at timestamptz not null,
  ended_at timestamptz,
  foreign key (tenant_id, person_id) references persons (tenant_id, id),
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);
create unique index enrolments_one_active on enrolments (person_id) where state in ('active', 'paused');
create index enrolments_lead on enrolments (lead_id); -- the card, Why?

-- The conversation, its future included --------------------------------------------------------------------------------

create table messages (
  id uuid primary key,
  tenant_id uuid not null,
  person_id uuid not null,
  lead_id uuid,
  enrolment_id uuid,
  direction text not null check (direction in ('in', 'out')),
  purpose text not null check (purpose in ('cadence', 'reply', 'agent', 'campaign', 'notice', 'inbound')),
  step_key text,
  template_key text,
  template_version text,
  language text,
  channel text not null,
  account_id uuid,
  address_id uuid,
  priority smallint not null default 2,
  due_at timestamptz not null,
  expires_at timestamptz,
  state text not null check (state in ('scheduled', 'claimed', 'sending', 'uncertain', 'held', 'sent', 'delivered', 'read',
    'failed', 'unconfirmed', 'skipped', 'cancelled', 'received')),
  reason text,
  attempt smallint not null default 0,
  lease_owner integer,
  lease_until timestamptz,
  body bytea,
  author_id uuid,
  created_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
) with (fillfactor = 70);
create unique index messages_step on messages (enrolment_id, step_key) where enrolment_id is not null; -- a step exists once
create index messages_due on messages (account_id, priority, tenant_id, due_at) where state = 'scheduled'; -- claim by lane
create index messages_leased on messages (lease_until) where state = 'claimed';                         -- expired leases
create index messages_person on messages (person_id);                                                       -- stop, the card
create index messages_waiting on messages (tenant_id) where state in ('unconfirmed', 'held');               -- what waits for a person

-- One row per attempt; written before the request leaves.
create table sends (
  message_id uuid not null,
  attempt smallint not null,
  tenant_id uuid not null,
  account_id uuid not null,
  address_id uuid not null,
  channel text not null,
  state text not null check (state in ('sending', 'accepted', 'not_sent', 'uncertain', 'unconfirmed')),
  gateway_id text,
  code text,
  status text,
  worker integer not null,
  started_at timestamptz not null default clock_timestamp(),
  check_at timestamptz not null,
  primary key (message_id, attempt)
) with (fillfactor = 70);
create unique index sends_gateway_id on sends (account_id, gateway_id) where gateway_id is not null;
create index sends_open on sends (check_at) where state in ('sending', 'uncertain'); -- reconcile
create index sends_address on sends (address_id);                                    -- who wrote last from this number

-- What happened; ids and facts only ------------------------------------------------------------------------------------

create table events (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  type text not null,
  at timestamptz not null,
  actor text not null, -- system, customer, gateway or staff:<id>
  person_id uuid,
  lead_id uuid,
  message_id uuid,
  data jsonb not null default '{}',
  xid xid8 not null default pg_current_xact_id() -- sealing reads up to a snapshot, so late commits are not skipped
);
create index events_lead on events (lead_id, id) where lead_id is not null; -- Why?
create index events_tenant on events (tenant_id, id);                       -- the activity feed

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the event log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger events_append_only before update or delete on events for each row execute function refuse_change();
create trigger events_no_truncate before truncate on events for each statement execute function refuse_change();

create table effects (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  kind text not null,
  key text not null,
  data jsonb not null default '{}', -- ids only
  priority smallint not null default 5,
  requested integer not null default 1, -- asked for again while running: run once more
  due_at timestamptz not null default clock_timestamp(),
  attempts smallint not null default 0,
  lease_until timestamptz,
  parked_at timestamptz,
  error text,
  unique (tenant_id, kind, key)
);
create index effects_due on effects (priority, due_at) where parked_at is null;

create table webhook_log (
  id uuid primary key,
  source text not null,
  external_id text not null,
  received_at timestamptz not null default clock_timestamp(),
  body bytea not null, -- sealed
  state text not null default 'stored' check (state in ('stored', 'done', 'parked')),
  attempts smallint not null default 0,
  next_at timestamptz not null default clock_timestamp() + interval '10 seconds',
  error text,
  unique (source, external_id)
);
create index webhook_log_open on webhook_log (next_at) where state = 'stored';

create table slack_threads (
  tenant_id uuid not null,
  lead_id uuid not null,
  channel text not null,
  ts text not null,
  primary key (lead_id),
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);
create index slack_threads_place on slack_threads (tenant_id, channel, ts); -- a click in a thread finds its lead

create table feeds (
  tenant_id uuid primary key references tenants,
  posted_until bigint not null -- events up to here are in the activity feed
);

-- Encrypted files, purged by time.
create table assets (
  id uuid primary key,
  tenant_id uuid not null,
  lead_id uuid not null,
  kind text not null,
  mime text not null,
  content bytea not null, -- sealed
  original text not null default 'none' check (original in ('none', 'present', 'deleted', 'asked')),
  created_at timestamptz not null,
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);
create index assets_lead on assets (lead_id);

create table upload_links (
  token_hash bytea primary key,
  tenant_id uuid not null,
  lead_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);

create index upload_links_lead on upload_links (lead_id); -- the card says whether a photo is awaited

-- The platform's own ---------------------------------------------------------------------------------------------------

create table platform_keys (
  name text primary key,
  wrapped text not null
);
create table sandbox_state (
  id boolean primary key default true check (id),
  clock_offset_ms bigint not null default 0
);

-- Row-level security: forced on every tenant table, policies per role ---------------------------------------------------

do $$
declare t text;
begin
  foreach t in array array['staff', 'founders', 'settings', 'routes', 'whatsapp_templates', 'persons', 'addresses', 'service_windows',
    'suppressions', 'consents', 'leads', 'lead_terms', 'enrolments', 'messages', 'sends', 'events', 'effects', 'slack_threads',
    'feeds', 'assets', 'upload_links']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    if t = 'events' then
      execute format('grant select, insert on %I to leadrescue_app, leadrescue_system', t);
    else
      execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
    end if;
  end loop;
end $$;

alter table tenants enable row level security;
alter table tenants force row level security;
create policy app on tenants to leadrescue_app using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy system on tenants to leadrescue_system using (true) with check (true);
grant select, update on tenants to leadrescue_app;
grant select, insert, update on tenants to leadrescue_system;

grant select on accounts to leadrescue_app;
grant select, insert, update on accounts to leadrescue_system;
grant select, insert, update, delete on webhook_log to leadrescue_system;
grant select, insert on platform_keys to leadrescue_system;
grant select, insert, update on sandbox_state to leadrescue_system;
