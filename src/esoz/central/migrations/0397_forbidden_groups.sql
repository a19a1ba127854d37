-- Forbidden groups: codes, services and groups of services whose records are shown to few.
create table forbidden_groups (
    id uuid primary key,
    code text not null unique,
    name text not null,
    name_key text collate "C" generated always as (ukrainian_key(name)) stored,
    creation_reason text not null,
    deactivation_reason text,
    is_active boolean not null default true
);
create index forbidden_groups_name on forbidden_groups (name_key, id) where is_active;

create table forbidden_group_members (
    id uuid primary key,
    group_id uuid not null references forbidden_groups,
    creation_reason text not null,
    system text,
    code text,
    service_id uuid references services,
    service_group_id uuid references service_groups,
    check (num_nonnulls(code, service_id, service_group_id) = 1 and (code is null) = (system is null))
);
create index forbidden_group_members_group on forbidden_group_members (group_id);
create index forbidden_group_members_code on forbidden_group_members (code, system) where code is not null;
create index forbidden_group_members_service on forbidden_group_members (service_id) where service_id is not null;
create index forbidden_group_members_service_group on forbidden_group_members (service_group_id)
    where service_group_id is not null;
