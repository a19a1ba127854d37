-- outside a transaction
create index concurrently mr_of_clinic_by_day on medication_requests (legal_entity_id, created_at);
