-- outside a transaction
create index concurrently medication_requests_of_division on medication_requests (division_id, status);
