-- outside a transaction
create index concurrently regions_plain on regions using gin (plain_name(name) gin_trgm_ops);
