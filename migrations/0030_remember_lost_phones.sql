-- Since when a phone's connection is lost (machine clock): what waits for it goes another way after a while.
alter table linked_phones add column lost_at timestamptz;
