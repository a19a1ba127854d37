-- outside a transaction
create index concurrently settlements_plain on settlements using gin (plain_name(name) gin_trgm_ops);
