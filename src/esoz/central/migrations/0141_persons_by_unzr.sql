-- outside a transaction
create index concurrently persons_unzr on persons (plain_number(unzr)) where is_active and unzr is not null;
