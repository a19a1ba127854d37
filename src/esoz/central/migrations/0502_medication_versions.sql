-- What the register of medicines said of a package before an import changed it, or took it out of use.
create table medication_versions (
    medication_id uuid not null references medications,
    valid_until timestamptz not null,
    content jsonb not null,
    primary key (medication_id, valid_until)
);
