-- When Slack was last asked whether a workspace still knows us: the event that says so may be lost.
alter table workspaces add column checked_at timestamptz not null default now();

-- What somebody else's outage keeps from being done is no failure of ours: how often that was, and since when.
alter table effects add column outages smallint not null default 0;
alter table effects add column failing_since timestamptz;

-- The log of one person: what was written down with none of their leads. Hardly any event is, so that sending does not pay for it.
create index events_person on events (person_id, id) where person_id is not null and lead_id is null;
