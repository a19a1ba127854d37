-- outside a transaction
create index concurrently prescriptions_by_drug on prescriptions (clinic_id, (drug ->> 'id')) where state = 'issued';
