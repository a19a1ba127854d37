-- The answer to a renewal of tokens, sealed under the spent refresh token, for as long as it may be asked for again.
create table renewals (
    token_id uuid primary key references tokens on delete cascade,
    access_id uuid not null references tokens on delete cascade,
    sealed bytea not null,
    expires_at timestamptz not null
);
create index renewals_access on renewals (access_id);
create index renewals_old on renewals (expires_at);

-- Calls of a bearer in a minute, over all processes. Unlogged: after a crash the minute is over anyway.
create unlogged table rate_counts (
    key bytea primary key,
    minute bigint not null,
    taken int not null
);
create index rate_counts_old on rate_counts (minute);

-- Tokens of those who act for somebody else end when they may no longer.
create index tokens_for_others on tokens (applicant_user_id, expires_at) where applicant_user_id is not null;
