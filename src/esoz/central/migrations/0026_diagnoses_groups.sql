-- Groups of diagnoses: episodes are listed by them.
create table diagnoses_groups (
    id uuid primary key,
    code text not null unique,
    name text not null,
    description text,
    is_active boolean not null default true
);
create index diagnoses_groups_name on diagnoses_groups using gin (lower(name) gin_trgm_ops);

create table diagnoses_group_codes (
    id uuid primary key,
    group_id uuid not null references diagnoses_groups on delete cascade,
    system text not null,
    code text not null,
    unique (group_id, system, code)
);
create index diagnoses_group_codes_code on diagnoses_group_codes (code);
