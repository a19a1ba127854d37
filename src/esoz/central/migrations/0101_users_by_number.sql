-- outside a transaction
create index concurrently users_number on users (plain_number(tax_id)) where tax_id is not null;
