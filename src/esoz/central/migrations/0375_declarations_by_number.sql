-- outside a transaction
create index concurrently declarations_number on declarations (declaration_number);
