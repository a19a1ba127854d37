-- A copy of the state register of legal entities (ЄДР), and what registration leaves behind.
create table edr_records (
    id uuid primary key,
    edrpou text not null,
    state int not null,
    content jsonb not null,
    imported_at timestamptz not null
);
create index edr_records_edrpou on edr_records (edrpou);

alter table legal_entities add column created_by_mis_id uuid;
create index legal_entities_edr on legal_entities ((edr ->> 'id'));

-- Every signed request to register or change a legal entity, kept as an object (LE-13).
create table legal_entity_documents (
    id uuid primary key,
    legal_entity_id uuid not null references legal_entities,
    object_name text not null,
    inserted_at timestamptz not null,
    inserted_by uuid
);
create index legal_entity_documents_legal_entity on legal_entity_documents (legal_entity_id, inserted_at);
