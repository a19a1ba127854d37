-- Prescriptions on their way to central: what the doctor typed, what is signed, and what is known of them since.
create table prescriptions (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    patient_id uuid not null,
    employee_id uuid not null,
    division_id uuid not null,
    encounter_id uuid not null,
    programme jsonb not null,               -- what the form needs of the programme, as central told it
    drug jsonb not null,                    -- and of the medicine
    form jsonb not null default '{}',       -- fields as they were typed
    reason text,                            -- central's answer to the check: empty when the programme takes it
    state text not null,
    request_id uuid unique,                 -- central's draft; the prescription has the same id
    request_number text not null default '',
    content bytea,                          -- exactly what is signed
    signed bytea,
    informed jsonb not null default '{}',   -- how the patient is told: kind and masked number
    code_on_note boolean not null default false,
    status text not null default '',        -- of the prescription, as central told it last
    status_at timestamptz,
    valid_to date,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index prescriptions_of_user on prescriptions (user_id, clinic_id, created_at desc);
create index prescriptions_of_patient on prescriptions (patient_id, clinic_id, state);

-- Taking a prescription back: what is signed, until central has taken it.
create table prescription_rejections (
    request_id uuid not null,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    patient_id uuid not null,
    reason_code text not null,
    content bytea not null,
    created_at timestamptz not null,
    primary key (request_id, user_id)
);
