-- Several accounts on a channel in order, how each one does, and accounts that a tenant brings along.

-- A tenant's own access to a gateway.
create table credentials (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  vendor text not null,
  gateway_account text not null, -- the account there, as its webhooks name it
  version integer not null default 1, -- counts up when it is given anew: open connections are made again
  sealed bytea not null,
  changed_at timestamptz not null,
  changed_by uuid references staff,
  unique (tenant_id, vendor, gateway_account)
);
create index credentials_account on credentials (vendor, gateway_account); -- whose secret a webhook is checked with

alter table accounts
  add column credential_id uuid references credentials, -- null: the platform's own
  -- the breaker: nothing is sent from it until then (machine clock); `rests` counts how often in a row, 0 is healthy
  add column rests_until timestamptz,
  add column rest_reason text,
  add column rests smallint not null default 0;
-- the same number at the same gateway may be named by two who connect it; only its account there makes it theirs
alter table accounts drop constraint accounts_vendor_channel_sender_key;
create unique index accounts_sender on accounts (channel, sender, vendor, gateway_account); -- whose number an inbound message came to

-- The first account of a tenant's channel that does well is used.
alter table routes add column place smallint not null default 100; -- a tenant's own are below, the platform's from here on
alter table routes drop constraint routes_pkey;
alter table routes add primary key (tenant_id, channel, account_id);
grant delete on routes to leadrescue_system;

-- What became of requests, hour by hour (machine clock).
create table account_health (
  account_id uuid not null references accounts,
  hour timestamptz not null,
  taken integer not null default 0,
  refused integer not null default 0, -- by what it says of the receiver or the words
  denied integer not null default 0, -- it does not accept our account
  throttled integer not null default 0,
  silent integer not null default 0, -- not reached, or no answer
  answer_ms bigint not null default 0, -- sum over those with an answer
  primary key (account_id, hour)
);
grant select, insert, update, delete on account_health to leadrescue_system;
grant select on account_health to leadrescue_app;

do $$
declare t text;
begin
  foreach t in array array['credentials']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
