-- Patients that people of a clinic have opened: what the search of central told, for headers and for the queue.
create table patients (
    clinic_id uuid not null references clinics,
    person_id uuid not null,
    last_name text not null,
    first_name text not null,
    second_name text not null default '',
    birth_date date not null,
    gender text not null default '',
    seen_at timestamptz not null,
    primary key (person_id, clinic_id)
);
create index patients_name on patients (clinic_id, lower(last_name) text_pattern_ops);

create table recent_patients (
    user_id uuid not null references users,
    clinic_id uuid not null,
    person_id uuid not null,
    seen_at timestamptz not null,
    primary key (user_id, clinic_id, person_id),
    foreign key (person_id, clinic_id) references patients (person_id, clinic_id)
);
create index recent_patients_newest on recent_patients (user_id, clinic_id, seen_at desc);
