-- A copy of the state register of civil acts and of guardianships: who may speak for whom, and by which paper.
create table civil_acts (
    id uuid primary key,
    kind text not null,
    number_search text not null,
    ward_last_name text not null,
    ward_first_name text not null,
    ward_birth_date date not null,
    tax_ids text[] not null,
    ends_on date,
    imported_at timestamptz not null
);
create index civil_acts_number on civil_acts (number_search, ward_birth_date);
