-- outside a transaction
-- No question goes by it since names are compared by plain_name (persons_plain).
drop index concurrently if exists persons_search;
