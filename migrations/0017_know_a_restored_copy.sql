-- A database that was restored from a backup knows it: it is held until somebody has looked, and what may have left in the
-- time that it does not know of is looked up at the gateway before it may leave.

-- Which server's history this is. Another system identifier or timeline than the one noted here: this is a copy.
create table installation (
  id boolean primary key default true check (id),
  server text not null,
  noted_at timestamptz not null default clock_timestamp()
);
create table restores (
  id bigint generated always as identity primary key,
  found_at timestamptz not null default clock_timestamp(), -- machine time
  since timestamptz not null,                              -- the last moment that the copy knows of, and a little before it
  was text not null,
  became text not null
);

alter table tenants drop constraint tenants_waits_for_check;
alter table tenants add constraint tenants_waits_for_check check (waits_for in ('go_live', 'slack', 'restored'));
alter table tenants add column restored_since timestamptz; -- of its last restore, until it is released
-- It was due in the time that was lost, or before and had not left: it may have left since then (machine time).
alter table messages add column lost_since timestamptz;
-- The attempt was not made here: whether it was made in the time that was lost is asked from now on (machine time).
alter table sends add column doubted_at timestamptz;
create index messages_lost on messages (tenant_id) where lost_since is not null; -- what is still to be looked up

do $$
declare t text;
begin
  foreach t in array array['installation', 'restores']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update on %I to leadrescue_system', t);
  end loop;
end $$;
