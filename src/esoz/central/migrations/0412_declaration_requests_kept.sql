-- outside a transaction
drop index concurrently declaration_requests_kept;
