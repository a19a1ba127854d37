-- A request to register a person or to change their data: what a clinic wrote down, the person confirms, an employee signs.
create table person_requests (
    id uuid primary key,
    version int not null,
    status text not null,
    channel text not null,
    legal_entity_id uuid not null,
    -- Whom it is about; of somebody new the id that they will have.
    person_id uuid not null,
    is_new boolean not null,
    -- By which an older request about the same person is known.
    identity text not null,
    details jsonb not null,
    authorize_with uuid,
    method text not null,
    phone text,
    -- Of the code only a digest is kept; it is not known here after it was sent.
    code_digest bytea,
    code_expires_at timestamptz,
    codes_sent int not null default 0,
    code_sent_at timestamptz,
    wrong_codes int not null default 0,
    content text not null,
    signed_document text,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index person_requests_clinic on person_requests (legal_entity_id, inserted_at, id);
create index person_requests_clinic_status on person_requests (legal_entity_id, status, inserted_at, id);
create index person_requests_identity on person_requests (legal_entity_id, identity)
    where status in ('NEW', 'APPROVED');
create index person_requests_waiting on person_requests (expires_at) where status in ('NEW', 'APPROVED');
create index person_requests_ended on person_requests (updated_at) where status in ('REJECTED', 'CANCELLED');
create index person_requests_phone on person_requests (phone, inserted_at) where phone is not null;
