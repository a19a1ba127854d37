-- The catalogue of medical services: groups (a tree), services (each in any number of groups), services of programmes.
create table service_groups (
    id uuid primary key,
    code text not null unique,
    name text not null,
    parent_id uuid references service_groups deferrable initially deferred,
    is_active boolean not null default true,
    request_allowed boolean not null default true,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index service_groups_parent on service_groups (parent_id, code);
create index service_groups_name on service_groups using gin (lower(name) gin_trgm_ops);

create table services (
    id uuid primary key,
    code text not null unique,
    name text not null,
    category text not null,
    is_active boolean not null default true,
    is_composition boolean not null default false,
    request_allowed boolean not null default true,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index services_name on services using gin (lower(name) gin_trgm_ops);

create table service_group_members (
    group_id uuid not null references service_groups deferrable initially deferred,
    service_id uuid not null references services deferrable initially deferred,
    primary key (group_id, service_id)
);
create index service_group_members_service on service_group_members (service_id);

create table program_services (
    id uuid primary key,
    medical_program_id uuid not null,
    service_id uuid not null references services deferrable initially deferred,
    consumer_price numeric not null default 0,
    description text not null default '',
    is_active boolean not null default true,
    request_allowed boolean not null default true,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid,
    unique (medical_program_id, service_id)
);
create index program_services_service on program_services (service_id);
