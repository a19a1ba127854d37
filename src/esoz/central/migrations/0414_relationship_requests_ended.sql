-- outside a transaction
create index concurrently relationship_requests_ended on relationship_requests (updated_at)
    where status in ('CANCELLED', 'EXPIRED');
