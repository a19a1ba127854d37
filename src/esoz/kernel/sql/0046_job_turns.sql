-- Whose job comes next: `round` counts a patient's waiting jobs from one clinic, `turn` is the place in the whole queue.
alter table jobs
    add column client_id uuid,
    add column round int not null default 1,
    add column turn bigint not null default 0,
    add column took_ms int;
