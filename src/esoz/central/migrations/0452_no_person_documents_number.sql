-- outside a transaction
-- No question goes by it since numbers are compared by plain_number (person_documents_plain).
drop index concurrently if exists person_documents_number;
