-- What is performed leaves a dead entry at the head of the indexes of what waits: it is taken away soon.
alter table jobs set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000
);
