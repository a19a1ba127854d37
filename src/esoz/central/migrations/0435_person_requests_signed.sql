-- outside a transaction
create index concurrently person_requests_signed on person_requests (updated_at) where status = 'SIGNED';
