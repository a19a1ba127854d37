-- outside a transaction
create index concurrently person_requests_by_parent on person_requests (confirmed_by, inserted_at) where confirmed_by is not null and is_new and channel = 'PIS'
