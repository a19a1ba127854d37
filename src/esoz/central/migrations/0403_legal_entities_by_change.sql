-- outside a transaction
create index concurrently legal_entities_updated on legal_entities (updated_at, id);
