-- outside a transaction
create index concurrently declaration_requests_to_empty on declaration_requests (expires_at)
    where data_to_be_signed is not null or phone is not null;
