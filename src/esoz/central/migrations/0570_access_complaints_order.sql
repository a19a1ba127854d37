-- outside a transaction
create index concurrently access_complaints_order on access_complaints (inserted_at, id);
