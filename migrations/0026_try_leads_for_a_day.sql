-- What waits for another system is tried for a day, not a number of times.
alter table webhook_log add column try_until timestamptz; -- until then no number of attempts parks it

-- Alerts and App Home: deliveries that wait for somebody.
create index hook_deliveries_parked on hook_deliveries (tenant_id) where state = 'parked';
