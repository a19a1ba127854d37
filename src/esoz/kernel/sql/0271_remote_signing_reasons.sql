-- Why a signature that came from a phone was not taken: the rule, and the names and dates that its words need.
alter table remote_signings add column reason jsonb not null default '{}';
