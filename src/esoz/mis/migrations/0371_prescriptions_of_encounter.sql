-- outside a transaction
create index concurrently prescriptions_of_encounter on prescriptions (encounter_id, user_id) where state in ('draft', 'made');
