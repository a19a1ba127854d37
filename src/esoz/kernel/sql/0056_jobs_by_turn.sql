-- outside a transaction
create index concurrently jobs_by_turn on jobs (turn, number) where status = 'pending';
