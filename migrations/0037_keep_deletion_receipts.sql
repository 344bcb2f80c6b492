-- What a service that keeps something of an erased person was asked to delete, and what it answered.
create table deletion_receipts (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  erasure_id uuid not null references erasures,
  service text not null, -- the gateway's vendor, or s3
  channel text check (channel in ('whatsapp', 'sms', 'email')),
  account_id uuid references accounts, -- of the gateway: the sender
  customer bytea, -- sealed: the address by which the gateway knows them, until it has answered
  blob_ids uuid[] not null default '{}', -- of the object store
  state text not null check (state in ('asked', 'deleted', 'by_hand')),
  asked_at timestamptz not null,
  answered_at timestamptz,
  deleted jsonb not null default '{}', -- how much of what: numbers only
  check ((state = 'asked') = (answered_at is null)),
  check (state = 'asked' or customer is null)
);
create index deletion_receipts_erasure on deletion_receipts (erasure_id); -- /rescue privacy, whether all have answered

do $$
declare t text;
begin
  foreach t in array array['deletion_receipts']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
