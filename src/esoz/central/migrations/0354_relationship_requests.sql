-- A request to let somebody speak for a person, or to end that, until it is confirmed and signed.
create table relationship_requests (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    action text not null,
    channel text not null,
    legal_entity_id uuid not null,
    -- Who is to speak; or which right is to end.
    confidant_person_id uuid,
    relationship_id uuid,
    documents jsonb not null,
    authorize_with uuid,
    method text not null,
    phone text,
    -- Of the code only a digest is kept; it is not known here after it was sent.
    code_digest bytea,
    code_expires_at timestamptz,
    codes_sent int not null default 0,
    code_sent_at timestamptz,
    wrong_codes int not null default 0,
    signed_document text,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
create index relationship_requests_clinic on relationship_requests (person_id, legal_entity_id, inserted_at, id);
create index relationship_requests_waiting on relationship_requests (expires_at) where status in ('NEW', 'APPROVED');
create index relationship_requests_phone on relationship_requests (phone, inserted_at) where phone is not null;
