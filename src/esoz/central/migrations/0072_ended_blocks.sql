-- outside a transaction
create index concurrently mr_blocked_until on medication_requests (blocked_to) where is_blocked;
