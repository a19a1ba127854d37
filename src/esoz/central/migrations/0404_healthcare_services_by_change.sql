-- outside a transaction
create index concurrently healthcare_services_updated on healthcare_services (updated_at, id);
