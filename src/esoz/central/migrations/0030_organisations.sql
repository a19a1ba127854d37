-- Legal entities with their places of work, and the people who work there: reference tables.
create table legal_entities (
    id uuid primary key,
    edrpou text not null,
    type text not null,
    status text not null,
    status_reason text,
    is_active boolean not null default true,
    name text not null,
    name_key text collate "C" generated always as (ukrainian_key(name)) stored,
    edr jsonb not null,
    edr_verified boolean,
    residence_address jsonb not null,
    settlement_id uuid generated always as ((residence_address ->> 'settlement_id')::uuid) stored,
    phones jsonb not null default '[]',
    email text not null,
    website text,
    owner_property_type text,
    receiver_funds_code text,
    beneficiary text,
    accreditation jsonb,
    archive jsonb not null default '[]',
    public_offer jsonb not null,
    mis_verified text not null default 'VERIFIED',
    nhs_verified boolean not null default false,
    nhs_reviewed boolean not null default false,
    nhs_comment text,
    nhs_unverified_at timestamptz,
    end_date date,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
-- LE-6: one acting legal entity of a type per code of the state register.
create unique index legal_entities_acting on legal_entities (edrpou, type) where status = 'ACTIVE';
create index legal_entities_edrpou on legal_entities (edrpou);
create index legal_entities_settlement on legal_entities (settlement_id);
create index legal_entities_type on legal_entities (type, status);
create index legal_entities_inserted on legal_entities (inserted_at, id);

create table licenses (
    id uuid primary key,
    legal_entity_id uuid not null references legal_entities,
    is_primary boolean not null,
    is_active boolean not null default true,
    type text not null,
    license_number text,
    issued_by text not null,
    issued_date date not null,
    expiry_date date,
    active_from_date date not null,
    what_licensed text,
    order_no text not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index licenses_primary on licenses (legal_entity_id) where is_primary;
create index licenses_legal_entity on licenses (legal_entity_id, type);

create table related_legal_entities (
    id uuid primary key,
    merged_to_id uuid not null references legal_entities,
    merged_from_id uuid not null references legal_entities,
    type text not null,
    reason text not null,
    reason_date date,
    is_active boolean not null default true,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    unique (merged_to_id, merged_from_id)
);

create table divisions (
    id uuid primary key,
    legal_entity_id uuid not null references legal_entities,
    name text not null,
    name_key text collate "C" generated always as (ukrainian_key(name)) stored,
    type text not null,
    status text not null,
    is_active boolean not null default true,
    addresses jsonb not null,
    phones jsonb not null,
    email text not null,
    working_hours jsonb,
    external_id text,
    latitude double precision,
    longitude double precision,
    mountain_group boolean not null default false,
    dls_id text,
    dls_verified boolean,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);
create index divisions_legal_entity on divisions (legal_entity_id, inserted_at, id);
create index divisions_inserted on divisions (inserted_at, id);
create index divisions_name on divisions using gin (lower(name) gin_trgm_ops);
create index divisions_type on divisions (type, status);

create table parties (
    id uuid primary key,
    first_name text not null,
    last_name text not null,
    second_name text,
    name_key text collate "C" generated always as (
        ukrainian_key(last_name || ' ' || first_name || ' ' || coalesce(second_name, ''))) stored,
    birth_date date not null,
    gender text not null,
    no_tax_id boolean not null default false,
    tax_id text not null,
    email citext,
    documents jsonb not null default '[]',
    phones jsonb not null default '[]',
    working_experience int,
    about_myself text,
    verification_status text not null,
    minfin_validation_status text not null,
    -- Kept in the transaction of each declaration, so the limit of a doctor is never judged by a stale number.
    declaration_count int not null default 0,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index parties_tax_id on parties (tax_id, birth_date);
create index parties_verification on parties (verification_status);

create table party_users (
    user_id uuid primary key references users,
    party_id uuid not null references parties,
    inserted_at timestamptz not null
);
create index party_users_party on party_users (party_id);

create table employees (
    id uuid primary key,
    party_id uuid not null references parties,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid references divisions,
    employee_type text not null,
    position text not null,
    speciality text,
    speciality_level text,
    education jsonb not null default '{}',
    status text not null,
    status_reason text,
    is_active boolean not null default true,
    minfin_validation_status text not null,
    start_date date not null,
    end_date date,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index employees_party on employees (party_id);
create index employees_legal_entity on employees (legal_entity_id, inserted_at, id);
create index employees_division on employees (division_id);
create index employees_type on employees (employee_type, status);
create index employees_inserted on employees (inserted_at, id);
