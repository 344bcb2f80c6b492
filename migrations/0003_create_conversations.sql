-- The conversation beside its messages: who owes an answer, who answers, what the agent drafted, what was booked.

-- One row per person who ever wrote. Locked with the person; what it holds of the customer's words is sealed.
create table conversations (
  person_id uuid primary key,
  tenant_id uuid not null,
  lead_id uuid, -- the lead that is talked about now; null for a stranger
  last_inbound_id uuid, -- an agent's turn for an older message is dropped
  last_inbound_at timestamptz,
  unread integer not null default 0, -- messages of the customer that no person of ours has answered or marked as read
  owed_since timestamptz, -- the first message that nobody has answered (business time)
  reminded_at timestamptz,
  escalated_at timestamptz, -- both belong to this owed_since and mean nothing while nothing is owed
  answer_id uuid, -- the answer that settled what was owed, until it is known to have left
  owed_before timestamptz, -- what it settled: owed again when it is taken back or fails
  taken_by uuid references staff, -- a person answers: the agent is silent until it is handed back
  taken_at timestamptz,
  introduced_at timestamptz, -- when the agent said that it is an assistant
  agent_turns smallint not null default 0, -- since a person last wrote to the customer
  notes bytea, -- sealed: what the agent understood (budget, timeline, objections, slots …)
  foreign key (tenant_id, person_id) references persons (tenant_id, id)
);
create index conversations_owed on conversations (owed_since) where owed_since is not null; -- reminders, escalations
create index conversations_answer on conversations (answer_id) where answer_id is not null; -- answers that may fail
create index conversations_tenant on conversations (tenant_id, owed_since) where owed_since is not null; -- App Home

-- What the agent would have said, where a person decides.
create table drafts (
  id uuid primary key,
  tenant_id uuid not null,
  person_id uuid not null,
  lead_id uuid not null,
  inbound_id uuid not null, -- the message it answers
  body bytea not null, -- sealed
  language text not null,
  agent text not null, -- rules, or the model's name
  prompt text, -- id and version
  reason text not null, -- `suggest`, or the code of the check that held it back
  detail bytea, -- sealed: what the check found
  state text not null check (state in ('open', 'sent', 'discarded', 'stale')),
  decided_by uuid references staff,
  created_at timestamptz not null,
  decided_at timestamptz,
  unique (tenant_id, inbound_id),
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);
create index drafts_open on drafts (person_id) where state = 'open'; -- a stop or a newer message makes them stale

-- Appointments. Two of one person of ours never overlap: writers lock the staff row first.
create table bookings (
  id uuid primary key,
  tenant_id uuid not null,
  person_id uuid not null,
  lead_id uuid not null,
  staff_id uuid not null references staff,
  kind text not null, -- of the playbook: test_drive, visit, call …
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  zone text not null, -- in which it was agreed
  state text not null check (state in ('booked', 'cancelled')),
  source text not null, -- agent, staff:<id>, customer
  moves smallint not null default 0, -- how often it was moved: a calendar learns from it that its entry is old
  created_at timestamptz not null,
  cancelled_at timestamptz,
  check (ends_at > starts_at),
  foreign key (tenant_id, person_id) references persons (tenant_id, id),
  foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);
create index bookings_staff on bookings (staff_id, starts_at) where state = 'booked'; -- free slots
create index bookings_person on bookings (person_id, starts_at) where state = 'booked'; -- the customer's next one
create index bookings_tenant on bookings (tenant_id, starts_at) where state = 'booked'; -- today's and tomorrow's
alter table messages add column booking_id uuid; -- the appointment a notice speaks of: its words are read when it leaves

-- When somebody of ours is not to be booked.
create table busy_times (
  id uuid primary key,
  tenant_id uuid not null,
  staff_id uuid not null references staff,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text not null default '',
  check (ends_at > starts_at)
);
create index busy_times_staff on busy_times (staff_id, starts_at);

-- Pictures and voice notes of customers; the content is sealed and fetched after the message was acknowledged.
create table media (
  id uuid primary key,
  tenant_id uuid not null,
  message_id uuid not null references messages,
  place smallint not null, -- among the media of its message
  url bytea not null, -- sealed: where the gateway keeps it
  declared text not null, -- content type as the gateway says
  mime text, -- as the bytes say
  size integer,
  content bytea, -- sealed
  state text not null check (state in ('waiting', 'stored', 'refused', 'shown')),
  reason text,
  created_at timestamptz not null,
  unique (message_id, place)
);

-- Where a message is told of in Slack, so that ticks can be shown on it.
create table slack_notes (
  message_id uuid primary key,
  tenant_id uuid not null,
  channel text not null,
  ts text not null,
  shown text not null default '' -- the reaction it has now
);

do $$
declare t text;
begin
  foreach t in array array['conversations', 'drafts', 'bookings', 'busy_times', 'media', 'slack_notes']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy app on %I to leadrescue_app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy system on %I to leadrescue_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to leadrescue_app, leadrescue_system', t);
  end loop;
end $$;

-- Wrapped again by another master key (the tenants' keys could be already).
grant update on platform_keys to leadrescue_system;
