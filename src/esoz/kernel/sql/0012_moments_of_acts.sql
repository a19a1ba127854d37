-- A document of a job is judged by the moment when it came; the audit lines of its act carry that of the performance.
alter table signature_rechecks add column acted_at timestamptz;
