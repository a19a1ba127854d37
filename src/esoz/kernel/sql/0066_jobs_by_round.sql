-- outside a transaction
create index concurrently jobs_by_round on jobs (client_id, round) where status = 'pending';
