-- outside a transaction
create index concurrently districts_plain on districts using gin (plain_name(name) gin_trgm_ops);
