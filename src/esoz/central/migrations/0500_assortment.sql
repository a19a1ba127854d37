-- What pharmacies have, told by themselves of their own will: one row for a division that tells, one for a package.
create table pharmacy_assortments (
    division_id uuid primary key references divisions,
    told_at timestamptz not null,
    told_by uuid not null
);

-- A push that repeats what is known writes one row of the table above and none here.
create table pharmacy_packages (
    division_id uuid not null references divisions,
    medication_id uuid not null references medications,
    package_price numeric(14, 2) not null check (package_price > 0),
    is_available boolean not null,
    primary key (division_id, medication_id)
);
create index pharmacy_packages_at_hand on pharmacy_packages (medication_id, division_id) where is_available;
