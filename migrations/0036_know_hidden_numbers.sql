-- WhatsApp may hide a number: its chat has an id of WhatsApp's own, and whose that is may not be told again. Here: what such a
-- chat was found to be of this number; null: it is not known to hide it.
alter table addresses add column hidden_as text;
create unique index addresses_hidden on addresses (tenant_id, hidden_as) where hidden_as is not null; -- whose a hidden chat is
