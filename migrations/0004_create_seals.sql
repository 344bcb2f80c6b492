-- Seals over the event log, so that a change, a removal, an insertion or a cut can be found by people who do not trust us.
-- One tree per tenant: its auditor checks all of it, and sees nothing of anybody else.

-- What was written since the last round, in the order of settled transactions.
create index events_settled on events (xid, id);

-- A round of sealing, over all tenants. It says where the next one begins, and its signed chain names every seal of every
-- tenant, so that none can vanish from the end of a log without a trace.
create table seal_rounds (
  round bigint primary key,
  cluster text not null,     -- the database server it happened on: another one counts transactions anew
  era integer not null,      -- grows when the log was moved to another server
  floor_id bigint not null,  -- all events up to this id were sealed in earlier eras
  until_xid xid8 not null,   -- of the events above it, all up to this transaction and id are sealed
  until_id bigint not null,
  top_id bigint not null,    -- the highest id that is sealed
  heads jsonb not null,      -- [{ tenant, batch, head }]: the hashes of the heads it made
  previous bytea not null,   -- hash of the round before
  sealed_at timestamptz(3) not null,
  public_key text not null,  -- SPKI, base64
  signature bytea not null
);

-- A batch of events of one tenant, with the head of the tree that ends with it.
create table seals (
  tenant_id uuid not null, -- no reference: whatever is in the log is sealed
  batch integer not null check (batch > 0),
  round bigint not null references seal_rounds,
  era integer not null,
  floor_id bigint not null,
  until_xid xid8 not null,
  until_id bigint not null,
  event_ids bigint[] not null, -- ascending: the order of the leaves
  leaves bytea not null,       -- 32 bytes each
  peaks bytea not null,        -- roots of the full subtrees after this batch, the largest first: the next one goes on from here
  size bigint not null,        -- leaves in the tree
  root bytea not null,         -- RFC 9162, 2.1.1
  previous bytea not null,     -- hash of the head before
  watermark xid8 not null,     -- every transaction below it had ended
  sealed_at timestamptz(3) not null,
  public_key text not null,
  signature bytea not null,
  primary key (tenant_id, batch),
  unique (tenant_id, size)
);
alter table seals alter column leaves set storage external; -- hashes do not compress, and parts of them are read
create index seals_place on seals (tenant_id, era, until_xid, until_id); -- the batch of an event
create index seals_round on seals (round);

-- Heads that were shown to somebody outside: after that, a log that does not fit them is another log.
create table seal_witnesses (
  tenant_id uuid not null references tenants,
  batch integer not null,
  size bigint not null,
  root bytea not null,
  channel text not null,
  ts text not null,
  posted_at timestamptz not null,
  primary key (tenant_id, channel, ts)
);
create index seal_witnesses_last on seal_witnesses (tenant_id, posted_at desc); -- whether one is due

-- Private parts of events (words, before and after). The event carries a salted commitment only: the row can be deleted
-- and the log still holds.
create table event_details (
  event_id bigint primary key,
  tenant_id uuid not null references tenants,
  person_id uuid,        -- whose erasure takes it along
  sealed bytea not null  -- salt and value
);
create index event_details_person on event_details (tenant_id, person_id) where person_id is not null;

do $$
declare t text;
begin
  foreach t in array array['seals', 'seal_witnesses', 'event_details']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
  end loop;
  foreach t in array array['seals', 'seal_rounds', 'seal_witnesses']
  loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;
alter table seal_rounds enable row level security;
alter table seal_rounds force row level security;
create policy system on seal_rounds to leadrescue_system using (true) with check (true);

grant select on seals to leadrescue_app;
grant select, insert on seals, seal_rounds to leadrescue_system;
grant select, insert on seal_witnesses to leadrescue_app;
grant select on seal_witnesses to leadrescue_system;
grant select, insert, delete on event_details to leadrescue_app;
grant select, delete on event_details to leadrescue_system;
