-- outside a transaction
create index concurrently employee_roles_updated on employee_roles (updated_at, id);
