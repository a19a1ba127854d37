-- outside a transaction
create index concurrently dispenses_held on dispenses (clinic_id, held_until);
