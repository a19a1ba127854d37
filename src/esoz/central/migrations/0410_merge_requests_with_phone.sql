-- outside a transaction
create index concurrently merge_requests_with_phone on merge_requests (updated_at) where phone <> '';
