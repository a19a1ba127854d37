-- Prices of packages with the day they hold from; the one before stays, so that a printed price can be found again.
-- A row without a price: the package is in the catalogue no more from that day on.
create table catalogue_prices (
    medication_id uuid not null references medications,
    valid_from date not null,
    package_price numeric(14, 2) check (package_price > 0),
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (medication_id, valid_from)
);
