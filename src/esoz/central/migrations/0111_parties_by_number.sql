-- outside a transaction
create index concurrently parties_number on parties (plain_number(tax_id), birth_date);
