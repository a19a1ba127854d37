-- Persons and their declarations. Distributed by person; what must be unique everywhere stands in look-up tables.
create table persons (
    id uuid primary key,
    first_name text not null,
    last_name text not null,
    second_name text,
    -- Names as they are compared: one case, one apostrophe, one space (made by people.model.searchable).
    first_name_search text not null,
    last_name_search text not null,
    second_name_search text,
    birth_date date not null,
    birth_country text not null,
    birth_settlement text not null,
    birth_settlement_search text not null,
    gender text not null,
    email text,
    tax_id text,
    no_tax_id boolean not null default false,
    unzr text,
    secret text not null,
    death_date date,
    status text not null,
    is_active boolean not null default true,
    patient_signed boolean not null default false,
    process_disclosure_data_consent boolean not null default true,
    preferred_way_communication text,
    documents jsonb not null default '[]',
    addresses jsonb not null default '[]',
    phones jsonb not null default '[]',
    emergency_contact jsonb not null,
    verification_status text not null,
    verification_details jsonb not null default '{}',
    minfin_validation_status text not null,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index persons_search on persons (birth_date, last_name_search, first_name_search) where is_active;

create table person_tax_ids (
    tax_id text primary key,
    person_id uuid not null
);
create index person_tax_ids_person on person_tax_ids (person_id);

-- The same document twice is a mistake that people really make: found, not forbidden.
create table person_documents (
    person_id uuid not null references persons on delete cascade,
    type text not null,
    number_search text not null,
    primary key (person_id, type)
);
create index person_documents_number on person_documents (type, number_search);

create table authentication_methods (
    person_id uuid not null references persons on delete cascade,
    id uuid not null,
    type text not null,
    phone_number text,
    value uuid,
    alias text,
    is_active boolean not null default true,
    started_at timestamptz not null,
    ended_at timestamptz,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
create index authentication_methods_phone on authentication_methods (phone_number) where is_active;

create table confidant_person_relationships (
    person_id uuid not null references persons on delete cascade,
    id uuid not null,
    confidant_person_id uuid not null,
    relation_type text not null,
    documents_relationship jsonb not null,
    active_to date,
    is_active boolean not null default true,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
create unique index confidant_person_relationships_pair
    on confidant_person_relationships (person_id, confidant_person_id) where is_active;
create index confidant_person_relationships_confidant
    on confidant_person_relationships (confidant_person_id) where is_active;

create table merged_persons (
    person_id uuid not null references persons,
    id uuid not null,
    merge_person_id uuid not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id)
);
create unique index merged_persons_pair on merged_persons (person_id, merge_person_id);

create table declarations (
    person_id uuid not null references persons,
    id uuid not null,
    declaration_number text not null,
    employee_id uuid not null references employees,
    division_id uuid not null references divisions,
    legal_entity_id uuid not null references legal_entities,
    declaration_request_id uuid not null,
    start_date date not null,
    end_date date not null,
    signed_at timestamptz not null,
    status text not null,
    scope text not null default 'family_doctor',
    reason text,
    reason_description text,
    seed text not null,
    content text not null,
    overlimit boolean not null default false,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
-- DC-21: at most one live declaration per person.
create unique index declarations_live on declarations (person_id)
    where status in ('active', 'pending_verification');
create index declarations_id on declarations (id);
create index declarations_employee on declarations (employee_id, status, inserted_at);
create index declarations_legal_entity on declarations (legal_entity_id, inserted_at, id);
create index declarations_reason on declarations (legal_entity_id, reason) where reason is not null;
create index declarations_request on declarations (declaration_request_id);
create index declarations_inserted on declarations (inserted_at, id);

create table declaration_numbers (
    declaration_number text primary key,
    declaration_id uuid not null unique,
    person_id uuid not null
);

create table declaration_status_history (
    person_id uuid not null,
    declaration_id uuid not null,
    at timestamptz not null,
    status text not null,
    reason text,
    by_user_id uuid,
    foreign key (person_id, declaration_id) references declarations
);
create index declaration_status_history_declaration
    on declaration_status_history (person_id, declaration_id, at);
