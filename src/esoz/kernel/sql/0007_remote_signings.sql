-- Signatures asked for from a person's phone (Diia). The documents live as long as the browser's session.
create table remote_signings (
    id uuid primary key,
    session_id bytea not null references sessions on delete cascade,
    state text not null,
    action text not null,
    fields jsonb not null,
    names text[] not null,
    contents bytea[] not null,
    signed bytea[] not null default '{}',
    tax_id text not null,
    link text not null default '',
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index remote_signings_session on remote_signings (session_id);
