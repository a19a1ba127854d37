-- A person's own request about a way to authenticate has no clinic.
alter table authentication_method_requests alter column legal_entity_id drop not null;
