-- outside a transaction
-- No question goes by it: what is to be wiped is found by merge_requests_with_phone.
drop index concurrently if exists merge_requests_to_wipe;
