-- outside a transaction
create index concurrently mr_follows on medication_requests (person_id, follows) where follows is not null;
