-- One identification of a person for a site: asked, proven, agreed to, told once. What is told of them is sealed.
create table identifications (
    id uuid primary key,
    session_id bytea not null,              -- the browser that asked
    client_id text not null,
    return_address text not null,
    state text not null,                    -- ours, of the machine of states
    opaque text not null,                   -- the site's `state`, brought back as it came
    auth_types text[] not null,
    told bytea,                             -- sealed
    secret bytea,                           -- digest of the code, later of the token
    until timestamptz not null              -- of the step that is waited for
);
create unique index identifications_secret on identifications (secret) where secret is not null;
create index identifications_until on identifications (until);
