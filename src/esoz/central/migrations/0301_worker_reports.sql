-- What each worker tells of its tasks: it has no address of its own where the monitoring could ask.
create table worker_reports (
    process text primary key,
    tasks text[] not null,
    failing text[] not null,
    reported_at timestamptz not null
);
