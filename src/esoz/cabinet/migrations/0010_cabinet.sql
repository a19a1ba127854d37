-- The cabinet as central's OAuth client: one row; the secret and the API-key are sealed.
create table central_client (
    place int primary key default 1 check (place = 1),
    id uuid not null,
    client_secret bytea not null,
    api_key bytea not null
);

-- Patients who are signed in now, and no others: signing out deletes the row. Tokens of central are sealed.
create table patients (
    id uuid primary key,                    -- central's user
    person_id uuid not null,
    last_name text not null,
    first_name text not null,
    second_name text not null default '',
    access bytea not null,
    refresh bytea,
    expires_at timestamptz not null,
    signed_in_at timestamptz not null
);
