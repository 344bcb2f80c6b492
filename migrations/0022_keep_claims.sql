-- What an enquiry claims of somebody known and nobody has proven: another number or mailbox. Nothing goes there.
alter table enquiries add column claimed bytea; -- sealed: addresses as a list of texts
