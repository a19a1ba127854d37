-- outside a transaction
create index concurrently mr_to_announce on medication_requests (announce_on) where announce_on is not null;
