-- outside a transaction
create index concurrently documents_of_patient on documents (clinic_id, patient_id, created_at desc);
