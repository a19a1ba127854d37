-- Asynchronous work: the published Job entity.
create table jobs (
    number bigint generated always as identity primary key,
    id text not null unique,
    kind text not null,
    patient_id uuid not null,
    request_hash bytea not null,
    payload bytea not null,
    actor jsonb not null,
    request_id text not null,
    status text not null,
    status_code int,
    links jsonb,
    response jsonb,
    error jsonb,
    attempts int not null default 0,
    eta timestamptz not null,
    inserted_at timestamptz not null,
    finished_at timestamptz
);
-- The same request sent twice while the first is not performed is one job (JB-2).
create unique index jobs_pending_request on jobs (request_hash) where status = 'pending';
-- The claim: the oldest pending job of each patient (JB-5).
create index jobs_pending_patient on jobs (patient_id, number) where status = 'pending';
create index jobs_pending on jobs (number) where status = 'pending';
create index jobs_finished on jobs (finished_at) where status <> 'pending';
