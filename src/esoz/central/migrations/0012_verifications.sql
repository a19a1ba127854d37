-- Telephones that proved themselves with a code by SMS.
create table verifications (
    id uuid primary key,
    phone_number text not null,
    content_hash text,
    code_hash bytea not null,
    status text not null,
    attempts smallint not null default 0,
    code_expired_at timestamptz not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);
create index verifications_phone on verifications (phone_number, inserted_at);
create index verifications_new on verifications (code_expired_at) where status = 'NEW';
create index verifications_old on verifications (inserted_at);

create table verified_phones (
    phone_number text primary key,
    verified_at timestamptz not null
);
