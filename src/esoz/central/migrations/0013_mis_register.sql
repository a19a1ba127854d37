-- Register of medical information systems: applications, tests of conformity, decisions with dates.
create table mis_register (
    id uuid primary key,
    broker_id uuid unique references brokers,
    product text not null,
    version text not null,
    vendor text not null,
    edrpou text not null,
    areas text[] not null,
    contact_email text not null,
    support_phone text not null,
    support_email text not null,
    support_hours text not null,
    website text not null,
    status_page text not null,
    attestation text not null,
    attestation_until date,
    status text not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index mis_register_one on mis_register (edrpou, lower(product))
    where status not in ('REJECTED', 'DISCONNECTED');
create index mis_register_status on mis_register (status, inserted_at);

create table mis_decisions (
    id uuid primary key,
    mis_id uuid not null references mis_register,
    status text not null,
    reason text not null,
    decided_by uuid references users,
    decided_at timestamptz not null
);
create index mis_decisions_mis on mis_decisions (mis_id, decided_at);

create table mis_results (
    mis_id uuid not null references mis_register,
    test text not null,
    passed boolean not null,
    note text not null,
    tested_by uuid references users,
    tested_at timestamptz not null,
    primary key (mis_id, test)
);
create index brokers_kind on brokers (kind, inserted_at);
