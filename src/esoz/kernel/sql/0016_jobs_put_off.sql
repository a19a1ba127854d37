-- A job that cannot be performed now waits until `due_at`; `put_off` counts how often what it needs was away.
alter table jobs add column due_at timestamptz, add column put_off int not null default 0;
