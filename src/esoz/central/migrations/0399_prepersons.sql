-- Unidentified patients: somebody whom a clinic treats before anybody knows who it is.
create table prepersons (
    id uuid primary key,
    legal_entity_id uuid not null references legal_entities,
    external_id text not null,
    status text not null,
    gender text not null,
    first_name text,
    last_name text,
    second_name text,
    birth_date date,
    emergency_contact jsonb,
    note text,
    death_date date,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
-- A request that was sent twice makes one patient.
create unique index prepersons_number on prepersons (legal_entity_id, external_id) where status = 'ACTIVE';
