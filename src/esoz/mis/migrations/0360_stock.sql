-- The stock of a pharmacy: what has come in batches, what went out of them, and by which act. Quantities are in units
-- (tablets, millilitres), as central counts them; money is in hryvnias a package.
create table stock_medicines (
    clinic_id uuid not null references clinics,
    medication_id uuid not null,                -- central's id of the package
    name text not null,
    manufacturer text not null,
    form text not null,
    unit text not null,
    package_qty numeric(14, 4) not null check (package_qty > 0),
    package_min_qty numeric(14, 4) not null check (package_min_qty > 0),
    primary key (clinic_id, medication_id)
);

-- Packages of programmes: a dispense names them by their ids in the programme alone.
create table stock_offers (
    program_medication_id uuid primary key,
    medication_id uuid not null
);

create table stock_barcodes (
    clinic_id uuid not null,
    barcode text not null,
    medication_id uuid not null,
    primary key (clinic_id, barcode),
    foreign key (clinic_id, medication_id) references stock_medicines
);

-- A division that keeps its stock here; what was dispensed before is none of its movements.
create table stock_divisions (
    clinic_id uuid not null references clinics,
    division_id uuid not null,
    since timestamptz not null,
    primary key (clinic_id, division_id)
);

-- A receipt while it is written and after, a write-off, an inventory.
create table stock_acts (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    division_id uuid not null,
    user_id uuid not null references users,
    kind text not null,
    state text not null,                        -- open: a receipt that is still written; done
    day date not null,
    document text not null default '',
    supplier text not null default '',
    reason text not null default '',
    created_at timestamptz not null,
    done_at timestamptz
);
create index stock_acts_of_division on stock_acts (clinic_id, division_id, created_at desc, id);

-- Lines of a receipt that is still written.
create table stock_lines (
    id uuid primary key,
    act_id uuid not null references stock_acts,
    clinic_id uuid not null,
    medication_id uuid not null,
    series text not null,
    expires_on date not null,
    quantity numeric(14, 4) not null check (quantity > 0),
    price numeric(12, 2) not null check (price >= 0),
    foreign key (clinic_id, medication_id) references stock_medicines
);
create index stock_lines_of_act on stock_lines (act_id, id);

create table stock_batches (
    id uuid primary key,
    clinic_id uuid not null,
    division_id uuid not null,
    medication_id uuid not null,
    act_id uuid not null references stock_acts,
    series text not null,
    expires_on date not null,
    price numeric(12, 2) not null check (price >= 0),
    quantity numeric(14, 4) not null check (quantity >= 0), -- what is left: never less than nothing
    created_at timestamptz not null,
    foreign key (clinic_id, medication_id) references stock_medicines
);
create index stock_batches_at_hand on stock_batches (clinic_id, division_id, medication_id, expires_on, id)
    where quantity > 0;
create index stock_batches_expiring on stock_batches (clinic_id, division_id, expires_on, id) where quantity > 0;

create table stock_movements (
    id uuid primary key,
    clinic_id uuid not null,
    division_id uuid not null,
    medication_id uuid not null,
    batch_id uuid references stock_batches,     -- null: dispensed though the books had none
    act_id uuid references stock_acts,
    dispense_id uuid,                           -- central's
    user_id uuid not null references users,
    kind text not null,
    quantity numeric(14, 4) not null,           -- what came is above zero, what went below
    moved_at timestamptz not null,
    foreign key (clinic_id, medication_id) references stock_medicines
);
create index stock_movements_of_division on stock_movements (clinic_id, division_id, moved_at desc, id);
create index stock_movements_of_medicine on stock_movements (clinic_id, division_id, medication_id, moved_at desc, id);
create index stock_movements_of_dispense on stock_movements (dispense_id) where dispense_id is not null;
create index stock_movements_beyond on stock_movements (clinic_id, division_id, medication_id) where batch_id is null;

-- Dispenses whose packages were taken from the stock, each once; and given back, once.
create table stock_dispenses (
    dispense_id uuid primary key,
    clinic_id uuid not null references clinics,
    division_id uuid not null,
    taken_at timestamptz not null,
    returned_at timestamptz
);
create index stock_dispenses_of_division on stock_dispenses (clinic_id, division_id, taken_at);

-- At which division somebody works now; their own one while nothing was chosen.
create table stock_counters (
    user_id uuid not null references users,
    clinic_id uuid not null references clinics,
    division_id uuid not null,
    division_name text not null,
    primary key (user_id, clinic_id)
);
