-- Invitations to work: signed by the clinic, answered by the person who is invited.
create table employee_requests (
    id uuid primary key,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid references divisions,
    updates_employee_id uuid references employees,
    employee_id uuid references employees,
    employee_type text not null,
    status text not null,
    no_tax_id boolean not null,
    tax_id text not null,
    email citext not null,
    first_name text not null,
    last_name text not null,
    second_name text,
    content jsonb not null,
    object_name text,
    mis_id uuid,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index employee_requests_legal_entity on employee_requests (legal_entity_id, inserted_at, id);
create index employee_requests_status on employee_requests (status, inserted_at);
create index employee_requests_email on employee_requests (email) where status = 'NEW';

-- What each state register says of a party (ДРФО, ДРАЦС, passports of МВС and ДМС).
create table party_verifications (
    party_id uuid not null references parties,
    register text not null,
    verification_status text not null,
    verification_reason text not null,
    verification_comment text,
    result int,
    synced_at timestamptz,
    unverified_at timestamptz,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (party_id, register)
);
