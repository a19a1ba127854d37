-- Why an operator of the contact centre looked for somebody, and whom they found: open for an hour, kept to be checked.
create table contact_centre_cases (
    id uuid primary key,
    operator_id uuid not null references users,
    reason text not null,
    note text not null,
    person_ids uuid[] not null,
    inserted_at timestamptz not null,
    expires_at timestamptz not null
);
create index contact_centre_cases_operator on contact_centre_cases (operator_id, expires_at);
create index contact_centre_cases_old on contact_centre_cases (inserted_at);
