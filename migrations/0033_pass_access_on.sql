-- A sender that several businesses have connected leaves by another one's access when its own is refused. Here: when the gateway
-- last refused the access of this one (machine clock), until it is given anew or works again; null: it was not.
alter table routes add column refused_at timestamptz;
