-- outside a transaction
create index concurrently employees_updated on employees (updated_at, id);
