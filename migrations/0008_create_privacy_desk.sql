-- What a business does with what it holds of people: photos in an object store, links that show something once, erasure
-- that two people agree on, deletion after its time.

-- Photos may lie in an object store instead of their row; there are only sealed bytes there. The row of a blob is written
-- before the bytes are, and goes after they went, so that nothing is left behind that nobody knows of.
create table blobs (
  id uuid primary key, -- of the asset
  tenant_id uuid not null references tenants,
  bucket text, -- where it was written; null until it was
  state text not null check (state in ('writing', 'kept', 'deleting')),
  changed_at timestamptz not null default clock_timestamp() -- machine clock
);
create index blobs_unfinished on blobs (changed_at) where state = 'writing'; -- the sweep
alter table assets alter column content drop not null; -- null: in `blobs`

-- Links that show one thing to one person once: a licence photo, or all that is held of a person.
create table private_links (
  token_hash bytea primary key,
  tenant_id uuid not null references tenants,
  kind text not null check (kind in ('licence', 'export')),
  subject_id uuid not null, -- asset, or person
  person_id uuid not null,
  staff_id uuid not null references staff,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index private_links_person on private_links (person_id); -- erasure
create index private_links_old on private_links (expires_at);   -- retention

-- Somebody wants a person forgotten; somebody else has to agree.
create table erasures (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  person_id uuid not null,
  state text not null check (state in ('asked', 'approved', 'refused', 'done')),
  asked_by uuid not null references staff,
  asked_at timestamptz not null,
  decided_by uuid references staff,
  decided_at timestamptz,
  done_at timestamptz,
  removed jsonb, -- how much of what: numbers only
  check (decided_by <> asked_by),
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
);
create unique index erasures_one_open on erasures (person_id) where state in ('asked', 'approved');
create index erasures_tenant on erasures (tenant_id, asked_at desc); -- /rescue privacy

-- Where colleagues were asked about it, so that the name can be taken away there once it is decided.
create table erasure_posts (
  erasure_id uuid not null references erasures,
  tenant_id uuid not null,
  channel text not null,
  ts text not null,
  primary key (erasure_id, channel)
);

-- Cards of an erased person that are still to be emptied in Slack.
create table erasure_cards (
  lead_id uuid primary key,
  tenant_id uuid not null references tenants,
  erasure_id uuid not null references erasures,
  channel text, -- null: there was no card
  ts text,
  looks smallint not null default 0 -- cleaned so often: a note may have been on its way at the first time
);

alter table persons add column erased_at timestamptz;
alter table persons add column words_purged_at timestamptz; -- their messages are older than the business keeps them

-- The sender of a raw webhook under a key of the platform: raw webhooks belong to no tenant, and are found by it.
alter table webhook_log add column sender_hash bytea;
create index webhook_log_sender on webhook_log (sender_hash) where sender_hash is not null; -- erasure
create index webhook_log_old on webhook_log (received_at) where state <> 'stored';          -- retention

-- Empties what was received from these senders and is finished. The row stays: the same webhook once more is known.
create function erase_webhooks(hashes bytea[]) returns bigint
  language sql security definer set search_path = pg_catalog, public as $$
  with emptied as (
    update webhook_log set body = ''::bytea where sender_hash = any(hashes) and state = 'done' and body <> ''::bytea
    returning 1)
  select count(*) from emptied
$$;
revoke all on function erase_webhooks(bytea[]) from public;
grant execute on function erase_webhooks(bytea[]) to leadrescue_app;

-- Deletion after its time happens once a day for each tenant, in batches.
create table retention_runs (
  tenant_id uuid primary key references tenants,
  day date not null,
  complete boolean not null
);
create index media_old on media (tenant_id, created_at) where content is not null;
create index conversations_notes on conversations (tenant_id, last_inbound_at) where notes is not null;
create index drafts_old on drafts (tenant_id, created_at);

do $$
declare t text;
begin
  foreach t in array array['blobs', 'private_links', 'erasures', 'erasure_posts', 'erasure_cards', 'retention_runs']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
