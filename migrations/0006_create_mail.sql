-- E-mail as a channel: a daily limit for a sender, what keeps a conversation in one thread, and what was opened.

-- Sends of a UTC day (machine clock) that a sender may not exceed; null: as many as its rate allows.
alter table accounts
  add column daily_limit integer check (daily_limit > 0),
  add column used_day date,
  add column used integer not null default 0;

-- The letter behind a message of a customer: its id and subject, for the thread of the answer.
create table mail_letters (
  message_id uuid primary key references messages,
  tenant_id uuid not null,
  person_id uuid not null,
  facts bytea not null, -- sealed: id, references, subject
  received_at timestamptz not null,
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
);
create index mail_letters_person on mail_letters (person_id, received_at); -- the last letter of a person

-- Mails that were opened and links that were followed: hints, on which nothing depends.
create table mail_signals (
  message_id uuid not null references messages,
  kind text not null check (kind in ('open', 'click')),
  tenant_id uuid not null,
  first_at timestamptz not null,
  times integer not null default 1,
  primary key (message_id, kind)
);

do $$
declare t text;
begin
  foreach t in array array['mail_letters', 'mail_signals']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;
