-- Who works here: people, clinics, workplaces, tries to sign in, central's tokens.
create table clinics (
    id uuid primary key,                    -- the legal entity: in ЕСОЗ it is the OAuth client
    name text not null,
    type text not null,
    client_secret bytea not null,           -- sealed
    redirect_uri text not null
);

create table users (
    id uuid primary key,
    email text not null,
    last_name text not null,
    first_name text not null,
    second_name text not null default '',
    tax_id text,
    password_hash text not null,
    password_set_at timestamptz not null,
    is_active boolean not null default true,
    workplace_id uuid,                      -- where they work now
    inserted_at timestamptz not null
);
create unique index users_email on users (lower(email));

create table workplaces (
    id uuid primary key,
    user_id uuid not null references users,
    clinic_id uuid not null references clinics,
    role text not null,
    employee_id uuid not null,
    division_id uuid,
    division_name text not null default '',
    position text not null default '',
    unique (user_id, clinic_id, employee_id)
);
alter table users add foreign key (workplace_id) references workplaces;

-- Every try to sign in. An unknown address is kept as a keyed digest, so that it is counted and yet not known.
create table sign_ins (
    number bigint generated always as identity primary key,
    email_digest bytea not null,
    user_id uuid references users,
    at timestamptz not null,
    outcome text not null,                  -- accepted, wrong, paused
    address text not null default ''
);
create index sign_ins_email on sign_ins (email_digest, at desc);
create index sign_ins_user on sign_ins (user_id, at desc) where user_id is not null;

-- One consent of a user at a clinic; both tokens are sealed.
create table central_tokens (
    user_id uuid not null references users,
    clinic_id uuid not null references clinics,
    access bytea not null,
    refresh bytea,
    scopes text[] not null,
    expires_at timestamptz not null,
    ends_when_idle boolean not null default false,  -- the user has signed out while documents were under way
    primary key (user_id, clinic_id)
);
