-- A lead's key within its business (leads_tenant_id_id_key) has the same columns, and is read backwards as well.
drop index leads_recent;
