-- When Slack was last asked whether a workspace still knows us: the event that says so may be lost.
alter table workspaces add column checked_at timestamptz not null default now();
