-- outside a transaction
create index concurrently parties_words on parties using gin (
    plain_name(last_name || ' ' || first_name || ' ' || coalesce(second_name, '')) gin_trgm_ops);
