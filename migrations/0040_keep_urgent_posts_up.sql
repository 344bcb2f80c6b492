-- Where managers were told of a lead that cannot wait, so that the posts say who looks after it by now.
create table urgent_posts (
  tenant_id uuid not null references tenants,
  lead_id uuid not null,
  channel text not null,
  ts text not null,
  primary key (lead_id, channel, ts)
);

do $$
declare t text;
begin
  foreach t in array array['urgent_posts']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
