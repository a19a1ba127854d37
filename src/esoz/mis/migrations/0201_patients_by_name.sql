-- outside a transaction
create index concurrently patients_plain on patients (clinic_id, plain_name(last_name));
