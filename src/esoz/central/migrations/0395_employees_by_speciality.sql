-- outside a transaction
create index concurrently employees_speciality on employees (speciality, id) where status = 'APPROVED' and is_active;
