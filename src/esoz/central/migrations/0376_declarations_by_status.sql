-- outside a transaction
create index concurrently declarations_status on declarations (legal_entity_id, status, inserted_at, id);
