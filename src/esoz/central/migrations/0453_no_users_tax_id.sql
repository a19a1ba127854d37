-- outside a transaction
-- No question goes by it since numbers are compared by plain_number (users_number).
drop index concurrently if exists users_tax_id;
