-- Whether a lead fits a search is asked of its own words: in a large business many leads fit the first word of a search, and
-- the newest of them are wanted. Erasing a person and writing their words anew find a lead's words by it, too.
create index lead_terms_lead on lead_terms (tenant_id, lead_id, term);
