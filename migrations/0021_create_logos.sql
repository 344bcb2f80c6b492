-- Pictures that businesses show to their customers. They are on public pages and in e-mails, so nothing of them is sealed.
create table logos (
  id uuid primary key,            -- random: it is the address
  tenant_id uuid not null references tenants,
  type text not null check (type in ('image/png', 'image/jpeg')),
  width int not null check (width between 32 and 2000),
  height int not null check (height between 32 and 2000),
  bytes bytea not null check (octet_length(bytes) <= 300000),
  digest bytea not null,          -- SHA-256 of the bytes
  kept_at timestamptz not null default clock_timestamp(), -- machine time
  unique (tenant_id, digest)      -- the same picture given twice is one
);

do $$
declare t text;
begin
  foreach t in array array['logos']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
