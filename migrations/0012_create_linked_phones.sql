-- WhatsApp by a linked phone: whose phone it is, which process holds it, what keeps it linked.

-- Free text may be sent at any time: WhatsApp's window and its templates are those of the Business API.
alter table accounts add column free_text boolean not null default false;

create table linked_phones (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  account_id uuid references accounts, -- once its number is known
  state text not null check (state in ('linking', 'linked', 'lost', 'logged_out', 'expired', 'refused', 'removed')),
  reason text,                         -- why it was refused or lost
  asked_by uuid not null references staff,
  asked_at timestamptz not null,
  linked_at timestamptz,               -- machine clock: the warm-up counts from here
  leaving boolean not null default false, -- somebody unlinks it: who holds it logs it out
  code bytea,                          -- sealed: what the phone scans; it lets whoever has it link themselves
  -- One process at a time (machine clock). The term grows with each holder: what an earlier one still does is void.
  held_by integer,
  held_until timestamptz,
  term bigint not null default 0,
  failures smallint not null default 0,
  retry_at timestamptz not null default clock_timestamp(),
  -- Where it is shown in Slack, and what is shown there.
  shown_channel text,
  shown_ts text,
  shown_file text,
  shown text
);
create index linked_phones_open on linked_phones (retry_at) where state in ('linking', 'linked', 'lost'); -- who wants a holder
create unique index linked_phones_account on linked_phones (account_id) where state in ('linked', 'lost'); -- one link per number
create index linked_phones_tenant on linked_phones (tenant_id); -- the list

-- What WhatsApp Web keeps in its browser to stay linked; sealed as a whole, written by the holder of that term only.
create table phone_sessions (
  phone_id uuid primary key references linked_phones,
  tenant_id uuid not null,
  content bytea not null,
  term bigint not null,
  saved_at timestamptz not null default clock_timestamp()
);

do $$
declare t text;
begin
  foreach t in array array['linked_phones', 'phone_sessions']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
