-- What patients complain of: a line of their access log, or in general; and what they were answered.
create table access_complaints (
    id uuid primary key,
    person_id uuid not null references persons,
    status text not null,
    text text not null,
    about_at timestamptz,
    about_event text,
    answer_until date not null,
    answer text,
    answered_at timestamptz,
    answered_by uuid references users,
    inserted_at timestamptz not null
);
create index access_complaints_person on access_complaints (person_id, inserted_at, id);
create index access_complaints_status on access_complaints (status, inserted_at, id);
create unique index access_complaints_line on access_complaints (person_id, about_at, about_event)
    where status = 'NEW' and about_at is not null;
