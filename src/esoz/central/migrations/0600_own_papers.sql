-- Papers that somebody shows of themselves: asked for, handed in, judged.
create table own_papers (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    types text[] not null,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id)
);
create unique index own_papers_open on own_papers (person_id) where status in ('NEW', 'COMPLETED');
create index own_papers_waiting on own_papers (updated_at, id) where status = 'COMPLETED';
create index own_papers_over on own_papers (updated_at) where status in ('CANCELLED', 'JUDGED');
