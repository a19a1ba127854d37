-- What was handed over by a prescription on paper, between the form and central: to be signed, or without an answer.
create table paper_documents (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    paper_id uuid not null,
    content bytea not null,
    shown jsonb not null,
    created_at timestamptz not null,
    signed bytea
);
create index paper_documents_clinic on paper_documents (clinic_id, created_at);
create index paper_documents_paper on paper_documents (paper_id, clinic_id);
