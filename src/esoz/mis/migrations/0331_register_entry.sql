-- What central's register of МІС says of this workplace, as it was heard last.
create table register_entry (
    is_only boolean primary key default true check (is_only),
    asked_at timestamptz not null,
    status text not null,
    version text not null,
    oldest_version text not null,
    attestation_until date,
    phone text not null,
    email text not null,
    hours text not null,
    website text not null
);
