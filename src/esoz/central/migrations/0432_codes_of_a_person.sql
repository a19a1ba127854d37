-- outside a transaction
create index concurrently person_requests_codes on person_requests (person_id, code_sent_at) where phone is not null;
