-- What platforms allow a sender, what it costs, and senders that a tenant no longer uses.

alter table accounts
  -- WhatsApp: new people in 24 hours, counted over all numbers of the access; null: not limited
  add column new_people_limit integer check (new_people_limit > 0),
  -- of one message, or one part of an SMS: as an admin entered it, and as the gateway told it last
  add column price numeric(12, 6) check (price >= 0),
  add column price_currency text check (price_currency ~ '^[A-Z]{3}$'),
  add column told_price numeric(12, 6),
  add column told_currency text,
  add column told_at timestamptz; -- machine clock: when it was last asked
alter table accounts
  add constraint accounts_price_currency check ((price is null) = (price_currency is null)),
  add constraint accounts_told_currency check ((told_price is null) = (told_currency is null));

-- Nothing is sent by it any more; what customers write to it is still theirs.
alter table routes add column retired_at timestamptz;
create index routes_retired on routes (account_id) where retired_at is not null; -- what still waits for them

-- Who was written to outside WhatsApp's window, and when last (business clock): the people that a limit counts.
create table whatsapp_openings (
  portfolio text not null, -- the access to a gateway that the limit belongs to: vendor/account there
  tenant_id uuid not null,
  address_id uuid not null,
  at timestamptz not null,
  primary key (portfolio, address_id),
  foreign key (tenant_id, address_id) references addresses (tenant_id, id)
);
create index whatsapp_openings_at on whatsapp_openings (portfolio, at); -- how many in the last 24 hours, and when the next place is free
create index whatsapp_openings_address on whatsapp_openings (address_id); -- erasure

-- What waits for a place.
create index messages_new_people on messages (account_id, due_at) where state = 'scheduled' and reason like 'new_people:%';

-- What a tenant sent by an account on a day (UTC, machine clock); parts are what an SMS is charged by.
create table account_days (
  tenant_id uuid not null references tenants,
  account_id uuid not null references accounts,
  day date not null,
  messages integer not null default 0,
  parts integer not null default 0,
  primary key (tenant_id, account_id, day)
);

do $$
declare t text;
begin
  foreach t in array array['whatsapp_openings', 'account_days']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
