-- outside a transaction
create index concurrently person_requests_over on person_requests (updated_at)
    where status in ('REJECTED', 'CANCELLED', 'EXPIRED');
