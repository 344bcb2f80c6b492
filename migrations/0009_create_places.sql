-- Many Slack workspaces, and several businesses in one of them.

-- A workspace that installed the app by OAuth. Not a tenant's: the businesses of a dealer group share one.
create table workspaces (
  team_id text primary key,
  name text not null,
  key text not null,           -- wrapped by the master key ring; seals this workspace's token and nothing else
  token bytea,                 -- sealed; null since the app was taken out
  revision integer not null,   -- grows with each installation, so that an old loss cannot take a new token
  installed_by text not null,  -- Slack's id of the person
  installed_at timestamptz not null
);
alter table workspaces enable row level security;
alter table workspaces force row level security;
create policy system on workspaces to leadrescue_system using (true) with check (true);
grant select, insert, update on workspaces to leadrescue_system;

-- A workspace has a first tenant, made with it (the index decides a race), and further ones that an admin adds.
alter table tenants add column first_in_team boolean not null default true;
alter table tenants drop constraint tenants_slack_team_id_key;
create unique index tenants_first on tenants (slack_team_id) where first_in_team;
create index tenants_team on tenants (slack_team_id); -- all businesses of a workspace
-- Nothing automated leaves while a tenant waits: for its admin to go live, or for the app to be installed again.
alter table tenants add column waits_for text check (waits_for in ('go_live', 'slack'));
create index tenants_waiting on tenants (id) where waits_for is not null; -- whose messages are not let go

-- A person's places are their rows here, one per tenant; the one chosen last is where their commands act.
alter table staff add column chosen_at timestamptz;
create index staff_slack_user on staff (slack_user_id); -- the places of one person
