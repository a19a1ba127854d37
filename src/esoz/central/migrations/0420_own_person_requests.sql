-- A person's own request to change their data has no clinic.
alter table person_requests alter column legal_entity_id drop not null;
