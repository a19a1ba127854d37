-- outside a transaction
create index concurrently declarations_of_division on declarations (division_id) where status = 'active';
