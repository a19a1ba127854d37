-- Patients who have chosen doctors of the clinics, as central told them: its list cannot be searched by name, and each
-- reading of it leaves a line with every patient in it.
create table declared_lists (
    clinic_id uuid not null references clinics,
    employee_id uuid not null,
    read_at timestamptz,                        -- null before the first time
    tried_at timestamptz not null,              -- the last time that central was asked, whatever it said
    is_outdated boolean not null default false, -- something was signed here since
    primary key (clinic_id, employee_id)
);
create index declared_lists_tried on declared_lists (tried_at);

create table declared_patients (
    clinic_id uuid not null,
    employee_id uuid not null,
    declaration_id uuid not null,
    person_id uuid not null,
    declaration_number text not null,
    status text not null,
    last_name text not null,
    first_name text not null,
    second_name text not null,
    birth_date date not null,
    start_date date not null,
    end_date date not null,
    primary key (clinic_id, employee_id, declaration_id),
    foreign key (clinic_id, employee_id) references declared_lists on delete cascade
);
create index declared_patients_by_name on declared_patients
    (clinic_id, employee_id, ukrainian_key(last_name) collate "C", declaration_id);
