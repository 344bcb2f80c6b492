-- What was understood of a customer belongs to one enquiry of theirs: another one wants something else.

alter table leads
  add column notes bytea,        -- sealed: what the agent understood (budget, timeline, objections, slots …)
  add column qualified boolean;  -- as the agent or an integration noted it
create index leads_qualified on leads (tenant_id, id desc) where qualified; -- by qualification
create index leads_notes on leads (tenant_id, person_id) where notes is not null; -- what retention empties

-- conversations.notes and conversations.qualified stay for what still runs on the version before, and hold nothing any more
set local role leadrescue_system;
update leads l set notes = c.notes, qualified = c.qualified
  from conversations c where c.lead_id = l.id and (c.notes is not null or c.qualified is not null);
update conversations set notes = null, qualified = null where notes is not null or qualified is not null;
reset role;

-- Answers that wait because their form brings too many at once.
create index messages_many on messages (tenant_id, lead_id) where state = 'held' and reason = 'many_at_once'; -- the alert
