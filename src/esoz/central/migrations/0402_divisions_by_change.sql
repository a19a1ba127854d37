-- outside a transaction
create index concurrently divisions_updated on divisions (updated_at, id);
