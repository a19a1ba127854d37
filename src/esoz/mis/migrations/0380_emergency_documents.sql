-- What was handed over without a prescription, between the form and central: to be signed, or signed without an answer.
create table emergency_documents (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    content bytea not null,
    form jsonb not null,
    shown jsonb not null,
    created_at timestamptz not null,
    signed bytea
);
create index emergency_documents_clinic on emergency_documents (clinic_id, created_at);
