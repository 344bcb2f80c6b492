-- Empties what the business of this transaction was sent by these senders, once it is finished or waits for a person; that
-- is over then. What belongs to nobody is the business's while it is `alone`, as whoever calls knows: the owner of this
-- function sees no businesses. It takes the place of erase_webhooks, which left what was parked and asked nobody's name.
create function erase_own_webhooks(hashes bytea[], alone boolean) returns bigint
  language sql security definer set search_path = pg_catalog, public as $$
  with emptied as (
    update webhook_log set body = ''::bytea, state = 'done', error = case when state = 'parked' then 'erased' else error end
    where sender_hash = any(hashes) and state in ('done', 'parked') and body <> ''::bytea
      and case when belongs_to is null then alone
        else belongs_to = nullif(current_setting('app.tenant_id', true), '')::uuid end
    returning 1)
  select count(*) from emptied
$$;
revoke all on function erase_own_webhooks(bytea[], boolean) from public;
grant execute on function erase_own_webhooks(bytea[], boolean) to leadrescue_app;
