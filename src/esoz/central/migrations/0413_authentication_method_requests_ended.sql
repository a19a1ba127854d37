-- outside a transaction
create index concurrently authentication_method_requests_ended on authentication_method_requests (updated_at)
    where status <> 'NEW';
