-- A sender that several businesses have connected leaves by another one's access when its own is refused. Here: when the gateway
-- last refused the access of this one (machine clock), until it is given anew or works again; null: it was not.
alter table routes add column refused_at timestamptz;

-- Since when its gateway cannot say what came in (machine clock): people who may have stopped there wait; null: it can.
alter table accounts add column unread_since timestamptz;
