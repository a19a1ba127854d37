-- What a division offers, and who of the clinic's employees gives it.
create table healthcare_services (
    id uuid primary key,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid not null references divisions,
    license_id uuid references licenses,
    category text not null,
    type text,
    speciality_type text,
    providing_condition text,
    status text not null,
    is_active boolean not null default true,
    content jsonb not null default '{}',
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
-- The same thing is offered once in a division.
create unique index healthcare_services_same on healthcare_services (
    division_id, category, coalesce(type, ''), coalesce(speciality_type, ''), coalesce(providing_condition, ''))
    where status = 'ACTIVE';
create index healthcare_services_legal_entity on healthcare_services (legal_entity_id, inserted_at, id);
create index healthcare_services_inserted on healthcare_services (inserted_at, id);

create table employee_roles (
    id uuid primary key,
    healthcare_service_id uuid not null references healthcare_services,
    employee_id uuid not null references employees,
    legal_entity_id uuid not null references legal_entities,
    start_date timestamptz not null,
    end_date timestamptz,
    status text not null,
    is_active boolean not null default true,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid
);
create unique index employee_roles_same on employee_roles (healthcare_service_id, employee_id) where status = 'ACTIVE';
create index employee_roles_employee on employee_roles (employee_id);
create index employee_roles_legal_entity on employee_roles (legal_entity_id, inserted_at, id);
