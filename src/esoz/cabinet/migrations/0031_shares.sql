-- Prescriptions handed to somebody who collects the medicine. What the link shows is sealed with the secret that stands in
-- the link alone; the secret itself is sealed for its patient. Both are forgotten once it is over.
create table shares (
    id uuid primary key,
    person_id uuid not null,
    mark bytea not null unique,             -- by what the link's secret is found again
    names bytea not null,                   -- medicines, sealed: for the patient's own list
    secret bytea,
    content bytea,
    made_at timestamptz not null,
    ends_at timestamptz not null,
    opened_at timestamptz,
    opener bytea,                           -- mark of the page that opened it: the same page may show it again
    ended_at timestamptz
);
create index shares_of_person on shares (person_id, made_at desc, id desc);
create index shares_kept on shares (made_at) where content is not null;
