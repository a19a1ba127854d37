-- What was brought back of finished dispenses, as central tells it with each: the journal of returns by days. `number` is
-- its place among the returns of its dispense; `user_id` is who signed it here, unknown when our own answer was lost.
create table dispense_returns (
    dispense_id uuid not null,
    number integer not null,
    clinic_id uuid not null references clinics,
    division_id uuid not null,
    division_name text not null,
    request_number text not null,
    returned_at timestamptz not null,
    reason text not null,
    words text not null,
    lines jsonb not null,
    user_id uuid references users,
    primary key (dispense_id, number)
);
create index dispense_returns_day on dispense_returns (clinic_id, returned_at);
