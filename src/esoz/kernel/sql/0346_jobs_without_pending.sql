-- outside a transaction
drop index concurrently if exists jobs_pending;
