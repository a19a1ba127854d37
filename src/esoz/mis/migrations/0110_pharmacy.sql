-- Dispenses that this pharmacy holds or has handed over: what is signed, until central has taken it.
create table dispenses (
    id uuid primary key,                    -- central's id
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    request_id uuid not null,
    request_number text not null,
    content bytea not null,                 -- exactly what is signed: central's answer and the payment
    signed bytea,
    held_until timestamptz not null,
    created_at timestamptz not null
);
create index dispenses_of_request on dispenses (request_id, clinic_id);
