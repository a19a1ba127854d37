-- outside a transaction
create index concurrently legal_entities_words on legal_entities using gin (plain_name(name) gin_trgm_ops);
