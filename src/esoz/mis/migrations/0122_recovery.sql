-- Ways back in after a forgotten password. A request is kept for any address alike and taken up beside the pages, so
-- that neither the answer nor its time tells who is registered here.
create table recovery_requests (
    number bigint generated always as identity primary key,
    email text not null,                    -- kept until it is taken up, seconds
    asked_at timestamptz not null
);

create table recoveries (
    digest bytea primary key,               -- of the token in the link; the token is nowhere kept
    user_id uuid not null references users,
    sent_at timestamptz not null,
    used_at timestamptz
);
create index recoveries_user on recoveries (user_id, sent_at desc);
