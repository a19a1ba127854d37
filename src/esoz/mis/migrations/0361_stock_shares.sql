-- Divisions whose pharmacy tells central, of its own will, what they have: patients see it beside their prescriptions.
create table stock_shares (
    clinic_id uuid not null references clinics,
    division_id uuid not null,
    is_on boolean not null,
    user_id uuid not null references users,     -- who switched it last
    switched_at timestamptz not null,
    next_at timestamptz,                        -- when it is told next; null when there is nothing to tell
    tries int not null default 0,               -- that failed since it was told last
    told_at timestamptz,
    told int not null default 0,                -- packages that were told of
    refusal text not null default '',           -- why it was not told the last time
    primary key (clinic_id, division_id)
);
create index stock_shares_due on stock_shares (next_at) where next_at is not null;
