-- What is handed over outside of electronic prescriptions, between the form and central: to be signed, or signed without
-- an answer. `kind` says in which section; `about_id` is what it is about: a blank, a request, or the entry itself.
create table exception_documents (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    kind text not null,
    about_id uuid not null,
    content bytea not null,
    form jsonb not null,
    shown jsonb not null,
    created_at timestamptz not null,
    signed bytea
);
create index exception_documents_clinic on exception_documents (clinic_id, kind, created_at);
create index exception_documents_about on exception_documents (about_id, clinic_id);
insert into exception_documents
    select id, clinic_id, user_id, 'emergency', id, content, form, shown, created_at, signed from emergency_documents;
insert into exception_documents
    select id, clinic_id, user_id, 'paper', paper_id, content, '{}', shown, created_at, signed from paper_documents;
-- safe: both tables are younger than the last release
drop table emergency_documents;
-- safe: both tables are younger than the last release
drop table paper_documents;
