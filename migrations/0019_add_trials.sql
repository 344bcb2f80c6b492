-- Wordings that are tried against each other, and follow-ups that begin when a lead enters a stage.

-- Which comparison of wordings a planned message belongs to (12 hex digits, see src/cadence/trial.ts); its template says
-- which of them this person reads.
alter table messages add column trial text;
create index messages_trials on messages (person_id, created_at) where trial is not null; -- what somebody was given before

-- The stage whose entry began it; null where the lead's own arrival did.
alter table enrolments add column stage text;

-- By which rules a counting was made. One made by older rules is counted anew when a worker starts.
alter table report_generations add column rules smallint not null default 1;
update report_generations set rules = 2 where not exists (select from events);
