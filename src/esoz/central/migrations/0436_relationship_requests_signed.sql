-- outside a transaction
create index concurrently relationship_requests_signed on relationship_requests (updated_at) where status = 'COMPLETED';
