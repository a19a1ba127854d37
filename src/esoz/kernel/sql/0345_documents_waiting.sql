-- Documents that are kept and not carried to the store of objects yet: there for a second, or while the store is away.
-- Nothing is gained by compressing what leaves so soon; what has left is to be cleaned up soon, however little it is.
create table documents_waiting (
    name text primary key, -- folder and SHA-256 of the content
    content bytea not null,
    kept_at timestamptz not null default now()
) with (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 8000
);
alter table documents_waiting alter column content set storage external;
