-- outside a transaction
create index concurrently divisions_words on divisions using gin (plain_name(name) gin_trgm_ops);
