-- Where a session comes from, sessions that are over (their browsers are told why), and what was typed but not sent.
alter table sessions
    add address text not null default '',   -- in the network, at sign-in
    add device text not null default '',
    add way text not null default '';       -- how the user proved who they are, in words

create table ended_sessions (
    id bytea primary key,
    user_id uuid not null,
    why text not null,
    expires_at timestamptz not null         -- of the session; the row is kept a week longer
);
create index ended_sessions_old on ended_sessions (expires_at);

create table drafts (
    user_id uuid not null,
    address text not null,                  -- of the page with the form
    key text not null,                      -- of the form as it was shown
    content bytea not null,                 -- sealed
    saved_at timestamptz not null,
    primary key (user_id, address, key)
);
create index drafts_old on drafts (saved_at);
