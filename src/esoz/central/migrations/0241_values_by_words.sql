-- outside a transaction
create index concurrently dictionary_values_plain on dictionary_values using gin (plain_name(description) gin_trgm_ops);
