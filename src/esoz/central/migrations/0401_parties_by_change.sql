-- outside a transaction
create index concurrently parties_updated on parties (updated_at, id);
