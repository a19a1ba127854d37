-- A request to add, rename or end a way to authenticate, until the person confirms it.
create table authentication_method_requests (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    action text not null,
    channel text not null,
    legal_entity_id uuid not null,
    change jsonb not null,
    method text not null,
    phone text,
    -- Of the code only a digest is kept; it is not known here after it was sent.
    code_digest bytea,
    code_expires_at timestamptz,
    codes_sent int not null default 0,
    code_sent_at timestamptz,
    wrong_codes int not null default 0,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
create index authentication_method_requests_waiting on authentication_method_requests (expires_at) where status = 'NEW';
create index authentication_method_requests_phone on authentication_method_requests (phone, inserted_at)
    where phone is not null;
