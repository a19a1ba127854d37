-- Sessions of pages, and forms already taken. The cookie's value is never stored, only its SHA-256.
create table sessions (
    id bytea primary key,
    user_id uuid,
    data jsonb not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_user on sessions (user_id) where user_id is not null;
create index sessions_expiry on sessions (expires_at);

-- One row for each form that was saved: the second copy of the same form is led to the result of the first.
create table form_tokens (
    session_id bytea not null references sessions on delete cascade,
    token text not null,
    location text,
    primary key (session_id, token)
);
