-- Who may come in: users, clients (legal entities and cabinets), brokers (MIS and PIS vendors), tokens.
create extension if not exists citext;

create table users (
    id uuid primary key,
    email citext unique,
    password_hash text,
    password_set_at timestamptz,
    tax_id text,
    person_id uuid,
    is_blocked boolean not null default false,
    failed_logins timestamptz[] not null default '{}',
    inserted_at timestamptz not null
);
create unique index users_person on users (person_id) where person_id is not null;
create index users_tax_id on users (tax_id) where tax_id is not null;

create table brokers (
    id uuid primary key,
    name text not null,
    kind text not null,
    api_key_hash bytea not null unique,
    scopes text[],
    is_blocked boolean not null default false,
    inserted_at timestamptz not null
);

create table clients (
    id uuid primary key,
    name text not null,
    type text not null,
    is_blocked boolean not null default false,
    inserted_at timestamptz not null
);

create table connections (
    id uuid primary key,
    client_id uuid not null references clients,
    broker_id uuid not null references brokers,
    redirect_uri text not null,
    secret_hash bytea not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    unique (client_id, broker_id)
);

create table user_roles (
    user_id uuid not null references users,
    client_id uuid not null references clients,
    role text not null,
    inserted_at timestamptz not null,
    primary key (user_id, client_id, role)
);

-- Consent of a user with a client's scopes.
create table apps (
    id uuid primary key,
    user_id uuid not null references users,
    client_id uuid not null references clients,
    scopes text[] not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    unique (user_id, client_id)
);

create table tokens (
    id uuid primary key,
    value_hash bytea not null unique,
    name text not null,
    user_id uuid not null references users,
    client_id uuid references clients,
    app_id uuid references apps on delete set null,
    scopes text[] not null,
    redirect_uri text,
    used_at timestamptz,
    expires_at timestamptz not null,
    inserted_at timestamptz not null
);
create index tokens_live on tokens (user_id, client_id, name, expires_at);
create index tokens_expired on tokens (expires_at);

-- A nonce signed with КЕП opens one session, however often it is shown.
create table used_nonces (nonce uuid primary key, used_at timestamptz not null);
