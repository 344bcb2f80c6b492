-- Changes of senders wait for a second person like other settings, and a change that waits says what it does to what is planned.
alter table setting_changes
  add column access bytea,  -- access to a gateway that the change brings along, sealed; kept while it waits and no longer
  add column touched jsonb; -- planned messages that it meets: counted when it was asked for, and again when it counted
