-- outside a transaction
create index concurrently person_requests_person on person_requests (person_id, inserted_at, id);
