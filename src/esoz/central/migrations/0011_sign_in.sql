-- Coming in: second factor, history of passwords, recovery, counted failures, blocks with a reason.
alter table users
    add column block_reason text,
    add column updated_at timestamptz,
    add column wrong_codes smallint not null default 0,
    add column reminded_days smallint,
    drop column failed_logins;
update users set updated_at = inserted_at;
alter table users alter column updated_at set not null;

-- Wrong passwords by e-mail, of people who exist and of those who do not: a pause tells nobody who is registered.
create table login_failures (
    email_hash bytea primary key,
    moments timestamptz[] not null default '{}',
    updated_at timestamptz not null
);
create index login_failures_old on login_failures (updated_at);

create table password_history (
    user_id uuid not null references users,
    replaced_at timestamptz not null,
    password_hash text not null,
    primary key (user_id, replaced_at)
);

-- A row without a phone: this user must set one at the next sign-in.
create table authentication_factors (
    user_id uuid primary key references users,
    type text not null,
    factor text,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);

-- Roles that hold at every client: administrators of central.
create table global_roles (
    user_id uuid not null references users,
    role text not null,
    inserted_at timestamptz not null,
    primary key (user_id, role)
);

alter table clients add column block_reason text, add column updated_at timestamptz;
alter table brokers add column psk_hash bytea, add column block_reason text, add column updated_at timestamptz;
alter table apps add column applicant_user_id uuid references users;

-- asked_scopes: what a session will carry when its second factor is confirmed; method: how the user proved themselves.
alter table tokens
    add column asked_scopes text[],
    add column broker_id uuid references brokers,
    add column applicant_user_id uuid references users,
    add column method text not null default 'password';
create index tokens_app on tokens (app_id) where app_id is not null;

create table sign_in_codes (
    id uuid primary key,
    user_id uuid not null references users,
    token_id uuid not null references tokens on delete cascade,
    factor text not null,
    code_hash bytea not null,
    status text not null,
    attempts smallint not null default 0,
    expires_at timestamptz not null,
    inserted_at timestamptz not null
);
create index sign_in_codes_user on sign_in_codes (user_id, inserted_at);
create index sign_in_codes_token on sign_in_codes (token_id);
create index sign_in_codes_old on sign_in_codes (expires_at);

-- user_id is null when nobody has the e-mail: the answer and the time it takes are the same.
create table password_resets (
    id uuid primary key,
    value_hash bytea not null unique,
    user_id uuid references users,
    used_at timestamptz,
    expires_at timestamptz not null,
    inserted_at timestamptz not null
);
create index password_resets_old on password_resets (expires_at);
create index password_resets_user on password_resets (user_id, inserted_at);
create index used_nonces_old on used_nonces (used_at);
