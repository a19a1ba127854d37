-- Devices on prescription that this pharmacy hands over: what was asked of central last, what is signed of it. Gone when
-- central has it.
create table device_dispenses (
    id uuid primary key,                    -- central's id, chosen here
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    patient_id uuid not null,
    request_id uuid not null,
    request_number text not null,
    act text not null,                      -- what was asked last: hold, complete, stop, mistake
    job_id text not null,                   -- empty while the answer to it is not known
    form jsonb not null,                    -- what was typed, to be mended
    content bytea,                          -- exactly what is signed: central's dispense and what is added to it
    signed bytea,
    created_at timestamptz not null
);
create index device_dispenses_of_clinic on device_dispenses (clinic_id, created_at);
create index device_dispenses_of_request on device_dispenses (request_id, clinic_id);
