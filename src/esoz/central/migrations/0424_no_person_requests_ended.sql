-- outside a transaction
-- No question goes by it since own requests may expire: what is over is found by person_requests_over.
drop index concurrently if exists person_requests_ended;
