-- What a hook is sent next, hook by hook: one that hangs must not take all places.
create index hook_deliveries_next on hook_deliveries (hook_id, due_at) where state = 'due';        -- the sender's line
create index hook_deliveries_leased on hook_deliveries (hook_id) where lease_until is not null;    -- what is on its way

-- Messages of a tenant whose fate is open, for the API's state of the queue.
create index messages_unsettled on messages (tenant_id) where state in ('uncertain', 'unconfirmed');
