-- outside a transaction
create index concurrently persons_gone on persons (updated_at) where death_date is not null or not is_active;
