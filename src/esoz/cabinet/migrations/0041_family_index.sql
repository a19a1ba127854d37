-- outside a transaction
create index concurrently patients_applicant on patients (applicant_id) where applicant_id is not null;
